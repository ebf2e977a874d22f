//! [`Response`]: the engine's response, and the ways to read it.

use super::decode::{decode, decode_object};
use super::label::Label;
use super::list::list;
use crate::transport::{ResponseBody, Upgraded};
use crate::{Error, ErrorKind, Limits, Result};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::AsHeaderName;
use hyper::http::response;
use serde::de::DeserializeOwned;
use std::fmt;

/// The largest response that is read into memory. A list of a million containers is smaller.
const MAX_COLLECTED: usize = 1 << 30;
/// How much of an irrelevant body to read. If it is longer, its connection is closed instead.
const MAX_IGNORED: usize = 64 << 10;

/// The head of a response, with its body not read yet.
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

    /// Returns the value of a header, if it is text.
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// Adds the name of the call to an error about the response.
    pub(crate) fn failure(&self, error: Error) -> Error {
        error.in_call(|| self.label.to_string())
    }

    /// Decodes the body, a JSON object.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let (bytes, label) = self.whole().await?;
        decode_object(&bytes).map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Decodes the body, any JSON.
    pub(crate) async fn any_json<T: DeserializeOwned>(self) -> Result<T> {
        let (bytes, label) = self.whole().await?;
        decode(&bytes).map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Reads the whole body. Also returns the call's name for error messages.
    pub(super) async fn whole(self) -> Result<(Bytes, Label)> {
        let (body, label) = (self.body, self.label);
        match body.collect(MAX_COLLECTED).await {
            Ok(bytes) => Ok((bytes, label)),
            Err(error) => Err(error.in_call(|| label.to_string())),
        }
    }

    /// Decodes the list in the body, element by element as they arrive. The text of a long list is never in memory as a
    /// whole.
    pub(super) async fn list<T: DeserializeOwned>(self) -> Result<Vec<T>> {
        let (body, label) = (self.body, self.label);
        list(body, MAX_COLLECTED).await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Reads the whole body.
    pub(crate) async fn bytes(self) -> Result<Bytes> {
        Ok(self.whole().await?.0)
    }

    /// Reads the rest of an irrelevant body, so that the connection can be kept.
    pub(crate) async fn finish(self) -> Result<()> {
        let (body, label) = (self.body, self.label);
        body.collect_into(&mut Vec::new(), MAX_IGNORED).await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Returns the connection after the engine switched protocols.
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

    /// Returns the body for a stream, and the call's name for error messages.
    pub(crate) fn into_stream(self) -> (ResponseBody, String) {
        (self.body, self.label.to_string())
    }

    /// Reads up to `limit` bytes of an error's body, fewer if the connection closes early or pauses for too long: it may be
    /// the answer to a call that has no limit of its own. Also returns the call's name.
    pub(super) async fn into_text(mut self, limit: usize, limits: Limits) -> (String, String) {
        let mut text = Vec::new();
        self.body.bound_pauses(limits.idle_limit());
        // The status code suffices for an error whose message is incomplete.
        let _ = self.body.collect_into(&mut text, limit).await;
        (String::from_utf8_lossy(&text).into_owned(), self.label.to_string())
    }
}

impl fmt::Debug for Response {
    /// Leaves out headers and body, which must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("call", &self.label).field("status", &self.head.status).finish_non_exhaustive()
    }
}
