//! [`Response`]: the engine's response, and the ways to read it.

use super::decode::decode;
use super::label::Label;
use super::list::list;
use crate::transport::{ResponseBody, Upgraded};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::http::response;
use serde::de::DeserializeOwned;
use std::fmt;

/// The largest response that is read into memory: a list of a million containers is smaller.
const MAX_COLLECTED: usize = 1 << 30;
/// At most so much is read of a response that says nothing. If there is more, its connection closes instead.
const MAX_IGNORED: usize = 64 << 10;

/// The head of a response, with its body still to come.
pub(crate) struct Response {
    head: response::Parts,
    body: ResponseBody,
    label: Label,
}

impl Response {
    pub(super) fn new(head: response::Parts, body: ResponseBody, label: Label) -> Self {
        Self { head, body, label }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.head.status
    }

    /// A header's value, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// An error about what is in the response, which names the call.
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
        match body.collect(MAX_COLLECTED).await {
            Ok(bytes) => Ok((bytes, label)),
            Err(error) => Err(error.in_call(|| label.to_string())),
        }
    }

    /// Decodes the body, a list, element by element as they arrive: the text of a long one is never in memory as a whole.
    pub(super) async fn list<T: DeserializeOwned>(self) -> Result<Vec<T>> {
        let (body, label) = (self.body, self.label);
        list(body, MAX_COLLECTED).await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Reads the body, whatever is in it.
    pub(crate) async fn bytes(self) -> Result<Bytes> {
        Ok(self.whole().await?.0)
    }

    /// Reads the rest of a response that says nothing, so that the connection can be kept.
    pub(crate) async fn finish(self) -> Result<()> {
        let (body, label) = (self.body, self.label);
        body.collect_into(&mut Vec::new(), MAX_IGNORED).await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// The connection, once the engine has switched protocols on it.
    pub(crate) fn into_upgraded(self) -> Result<(Upgraded, String)> {
        let (status, label) = (self.head.status, self.label);
        if status == StatusCode::SWITCHING_PROTOCOLS {
            let on_upgrade = hyper::upgrade::on(hyper::Response::from_parts(self.head, ()));
            if let Some(upgraded) = self.body.into_upgraded(on_upgrade) {
                return Ok((upgraded, label.to_string()));
            }
        }
        let message = format!("the engine did not switch protocols: it responded with {status}");
        Err(Error::new(ErrorKind::Decode, message).in_call(|| label.to_string()))
    }

    /// The body, for a stream, and what its errors name the call by.
    pub(crate) fn into_stream(self) -> (ResponseBody, String) {
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

impl fmt::Debug for Response {
    /// Without headers and body: they hold what must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("call", &self.label).field("status", &self.head.status).finish_non_exhaustive()
    }
}
