//! [`Answer`]: the engine's answer, and the ways to read it.

use super::decode::decode;
use super::elements::Elements;
use super::label::Label;
use crate::http::{Head, Status};
use crate::transport::{AnswerBody, Upgraded};
use crate::wire::List;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use std::fmt;

/// The largest answer that is read into memory: a list of a million containers is smaller.
const LARGEST: usize = 1 << 30;
/// What an answer that says nothing may be long at most; if there is more, its connection is closed instead.
const NOTHING: usize = 64 << 10;

/// The head of an answer, with its body still to come.
pub(crate) struct Answer {
    head: Head,
    body: AnswerBody,
    label: Label,
}

impl Answer {
    pub(super) fn new(head: Head, body: AnswerBody, label: Label) -> Self {
        Self { head, body, label }
    }

    pub(crate) fn status(&self) -> Status {
        self.head.status
    }

    /// A header's value, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.field(name)
    }

    /// An error about what is in the answer, which names the call.
    pub(crate) fn failure(&self, error: Error) -> Error {
        error.in_call(|| self.label.to_string())
    }

    /// Decodes the body.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let (bytes, label) = self.whole().await?;
        decode(&bytes).map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Reads the body, whatever is in it, and gives what errors about it name the call by.
    pub(super) async fn whole(self) -> Result<(Bytes, Label)> {
        let (body, label) = (self.body, self.label);
        match body.collect(LARGEST).await {
            Ok(bytes) => Ok((bytes, label)),
            Err(error) => Err(error.in_call(|| label.to_string())),
        }
    }

    /// Decodes the body, a list, element by element as they arrive: the text of a long one is never in memory as a whole.
    pub(super) async fn list(self, list: &mut (dyn List + Send)) -> Result<()> {
        let (body, label) = (self.body, self.label);
        Elements::read(list, body, LARGEST).await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Reads the body, whatever is in it.
    pub(crate) async fn bytes(self) -> Result<Bytes> {
        Ok(self.whole().await?.0)
    }

    /// Reads the rest of an answer that says nothing, so that the connection can be kept.
    pub(crate) async fn finish(self) -> Result<()> {
        let (body, label) = (self.body, self.label);
        body.collect_into(&mut Vec::new(), NOTHING).await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// The connection, once the engine has switched protocols on it.
    pub(crate) fn into_upgraded(self) -> Result<(Upgraded, String)> {
        let (status, label) = (self.head.status, self.label);
        if let Some(upgraded) = self.body.into_upgraded().filter(|_| status == Status::SWITCHING_PROTOCOLS) {
            return Ok((upgraded, label.to_string()));
        }
        let message = format!("the engine did not switch protocols, and answered {status}");
        Err(Error::new(ErrorKind::Decode, message).in_call(|| label.to_string()))
    }

    /// The body, for a stream, and what its errors name the call by.
    pub(crate) fn into_stream(self) -> (AnswerBody, String) {
        (self.body, self.label.to_string())
    }

    /// At most so many bytes of the body, or as many as there are before it breaks off, and what errors name the call by.
    pub(super) async fn into_text(self, limit: usize) -> (String, String) {
        let mut text = Vec::new();
        // The status says enough for an error that has no words, or but a part of them.
        let _ = self.body.collect_into(&mut text, limit).await;
        (String::from_utf8_lossy(&text).into_owned(), self.label.to_string())
    }
}

impl fmt::Debug for Answer {
    /// Without headers and body: they hold what must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("call", &self.label).field("status", &self.head.status).finish_non_exhaustive()
    }
}
