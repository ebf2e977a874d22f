//! [`Answer`]: the engine's answer, and the ways to read it that calls are defined with.

use super::{Request, failure, json_path};
use crate::transport::AnswerBody;
use crate::{Error, ErrorKind, Result, Version};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::http::response;
use serde::de::DeserializeOwned;

/// The largest answer that is read into memory: a list of a million containers is smaller.
const LARGEST: usize = 1 << 30;

/// The head of an answer, with its body still to come.
#[derive(Debug)]
pub(crate) struct Answer {
    head: response::Parts,
    body: AnswerBody,
    label: String,
    version: Option<Version>,
}

/// Sends a request, and waits for the head of an answer that is not an error.
pub(crate) async fn send(request: Request) -> Result<Answer> {
    if let Err(error) = request.check() {
        return Err(error.in_call(|| request.label()));
    }
    let version = match request.versioned {
        false => None,
        true => {
            let version = request.client.version().await?;
            if let Err(error) = request.check_gates(version) {
                return Err(error.in_call(|| request.label()));
            }
            Some(version)
        }
    };
    failure::check(request.exchange(version).await?).await
}

/// Sends a request whose answer says nothing but that it was done.
pub(crate) async fn unit(request: Request) -> Result<()> {
    send(request).await?.finish().await
}

/// Sends a request and decodes its answer.
pub(crate) async fn json<T: DeserializeOwned>(request: Request) -> Result<T> {
    send(request).await?.json().await
}

impl Answer {
    pub(super) fn new(head: response::Parts, body: AnswerBody, label: String, version: Option<Version>) -> Self {
        Self { head, body, label, version }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.head.status
    }

    /// A header's value, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The API version that the request was made with; `None` outside of any.
    pub(crate) fn version(&self) -> Option<Version> {
        self.version
    }

    /// Decodes the body.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let (body, label) = (self.body, self.label);
        let decoded = body.collect(LARGEST).await.and_then(|bytes| decode(&bytes));
        decoded.map_err(|error| error.in_call(|| label))
    }

    /// Reads the rest, so that the connection can be kept.
    pub(crate) async fn finish(self) -> Result<()> {
        let (body, label) = (self.body, self.label);
        body.collect_up_to(LARGEST).await.map(drop).map_err(|error| error.in_call(|| label))
    }

    /// The body, for a stream, and what its errors name the call by.
    pub(crate) fn into_stream(self) -> (AnswerBody, String) {
        (self.body, self.label)
    }

    /// At most so many bytes of the body.
    pub(super) async fn into_text(self, limit: usize) -> Result<(response::Parts, String, String)> {
        let (body, label) = (self.body, self.label);
        match body.collect_up_to(limit).await {
            Ok(bytes) => Ok((self.head, String::from_utf8_lossy(&bytes).into_owned(), label)),
            Err(error) => Err(error.in_call(|| label)),
        }
    }
}

/// Decodes JSON, and says where in it something is wrong.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &Bytes) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        let message = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => "the answer is empty, where JSON was expected".to_owned(),
            Some(b'{' | b'[' | b'n') => {
                let place = json_path::of(bytes, error.line(), error.column());
                format!("the answer is not what the API documents: {} at {place}", json_path::without_values(&error))
            }
            Some(_) => format!("the answer is not JSON: {}", failure::excerpt(&String::from_utf8_lossy(bytes))),
        };
        Error::new(ErrorKind::Decode, message)
    })
}
