//! Kept connections: each call takes one that is free, and gives it back when its answer is over.

use super::body::AnswerBody;
use super::connect::Target;
use super::connection::{Connection, Failure, cause, describe, is_not_connected, is_upload};
use super::kept::KeptConnections;
use super::limits::Deadlines;
use super::request_body::RequestBody;
#[cfg(feature = "tls-no-provider")]
use super::tls::advice;
use crate::{Error, ErrorKind, Result};
use hyper::Request;
use hyper::http::response;
use std::sync::Arc;

/// When a request may be sent a second time, if the first time came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It only asks.
    Always,
    /// Not a byte of it was sent.
    Unsent,
    /// Its body is a stream that is gone then: it takes a new connection.
    Never,
}

#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) target: Target,
    kept: Arc<KeptConnections>,
}

impl Pool {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, kept: Arc::default() }
    }

    /// Sends what `request` builds, on a kept connection or a new one.
    ///
    /// If a kept connection turns out to be dead, the request goes out again on another one where that is safe: not a
    /// byte of it was sent, or it asks for something and so may be sent twice.
    pub(crate) async fn send(
        &self,
        request: impl Fn() -> Result<Request<RequestBody>>,
        repeat: Repeat,
        deadlines: Deadlines,
    ) -> Result<(response::Parts, AnswerBody)> {
        while let Some(connection) = self.kept_for(repeat) {
            match self.exchange(connection, request()?, deadlines).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Broken { unsent: true, .. }) => {}
                Err(Failure::Broken { .. }) if repeat == Repeat::Always => break,
                Err(failure) => return Err(self.explain(failure)),
            }
        }
        let connection = deadlines.connecting(Box::pin(self.open())).await?;
        self.exchange(connection, request()?, deadlines).await.map_err(|failure| self.explain(failure))
    }

    fn kept_for(&self, repeat: Repeat) -> Option<Box<Connection>> {
        if repeat == Repeat::Never { None } else { self.kept.take() }
    }

    async fn exchange(
        &self,
        mut connection: Box<Connection>,
        request: Request<RequestBody>,
        deadlines: Deadlines,
    ) -> Result<(response::Parts, AnswerBody), Failure> {
        let (head, incoming) = connection.exchange(request, &deadlines).await?.into_parts();
        Ok((head, AnswerBody::new(incoming, connection, self.kept.clone(), deadlines)))
    }

    async fn open(&self) -> Result<Box<Connection>> {
        let stream = self.target.connect().await?;
        Connection::open(stream).await.map_err(|error| {
            let message = format!("cannot connect to {}: {}", self.target.endpoint.host, describe(&error));
            Error::new(ErrorKind::Connect, message).with_source(error)
        })
    }

    /// What failed: the connection before it was one, or the exchange on it.
    fn explain(&self, failure: Failure) -> Error {
        let (unsent, failure) = match failure {
            Failure::Broken { unsent, error } => (unsent, error),
            Failure::TimedOut(error) => return error,
        };
        let words = describe(&failure);
        if is_upload(&failure) {
            return Error::new(ErrorKind::Upload, words).with_source(failure);
        }
        let advice = cause(&failure).and_then(advice);
        let error = if advice.is_some() || is_not_connected(&failure) {
            let message = format!("cannot connect to {}: {words}", self.target.endpoint.host);
            Error::new(ErrorKind::Connect, message)
        } else if unsent {
            Error::new(ErrorKind::Interrupted, format!("{words} before the request was sent"))
        } else {
            Error::new(ErrorKind::Interrupted, format!("{words} before it answered"))
                .with_hint("what was asked for may have been done or not")
        };
        let error = advice.into_iter().fold(error, Error::with_hint);
        error.with_source(failure)
    }
}

/// What to do about a failure of TLS; there is none.
#[cfg(not(feature = "tls-no-provider"))]
fn advice(_: &std::io::Error) -> Option<&'static str> {
    None
}
