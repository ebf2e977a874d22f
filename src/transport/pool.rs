//! Kept connections: each call takes one that is free, and gives it back when its answer is over.

use super::body::{AnswerBody, upload_failed};
use super::connect::Target;
use super::connection::{Connection, Failure, describe};
use super::kept::KeptConnections;
use super::limits::Deadlines;
use super::request_body::RequestBody;
#[cfg(feature = "tls-no-provider")]
use super::tls::advice;
use crate::http::{Head, Malformed};
use crate::{Error, ErrorKind, Result};
use std::io;
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

    /// Sends a request, whose head `write` writes, on a kept connection or a new one. Of HEAD, the answer has no body.
    ///
    /// If a kept connection turns out to be dead, the request goes out again on another one where that is safe: not a
    /// byte of it was sent, or it asks for something and so may be sent twice.
    pub(crate) async fn send(
        &self,
        write: impl Fn(&mut String) -> Result<RequestBody>,
        is_head: bool,
        repeat: Repeat,
        deadlines: Deadlines,
    ) -> Result<(Head, AnswerBody)> {
        while let Some(mut connection) = self.kept_for(repeat) {
            match connection.exchange(&write, is_head, &deadlines).await {
                Ok(head) => return Ok((head, self.body(connection, deadlines))),
                Err(Failure::Broken { unsent: true, .. }) => {}
                Err(Failure::Broken { .. }) if repeat == Repeat::Always => break,
                Err(failure) => return Err(self.explain(failure)),
            }
        }
        let mut connection = deadlines.connecting(Box::pin(self.open())).await?;
        match connection.exchange(&write, is_head, &deadlines).await {
            Ok(head) => Ok((head, self.body(connection, deadlines))),
            Err(failure) => Err(self.explain(failure)),
        }
    }

    fn kept_for(&self, repeat: Repeat) -> Option<Box<Connection>> {
        if repeat == Repeat::Never { None } else { self.kept.take() }
    }

    fn body(&self, connection: Box<Connection>, deadlines: Deadlines) -> AnswerBody {
        AnswerBody::new(connection, self.kept.clone(), deadlines)
    }

    async fn open(&self) -> Result<Box<Connection>> {
        self.target.connect().await.map(Connection::new)
    }

    /// What failed: the connection before it was one, or the exchange on it.
    fn explain(&self, failure: Failure) -> Error {
        let (unsent, failure) = match failure {
            Failure::Broken { unsent, error } => (unsent, error),
            Failure::Upload(error) => return upload_failed(error),
            Failure::TimedOut(error) | Failure::Input(error) => return error,
        };
        let words = describe(&failure);
        let advice = advice(&failure);
        let error = if advice.is_some() || failure.kind() == io::ErrorKind::NotConnected {
            let message = format!("cannot connect to {}: {words}", self.target.endpoint.host);
            Error::new(ErrorKind::Connect, message)
        } else if failure.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Malformed>) {
            Error::new(ErrorKind::Interrupted, format!("what answered does not speak HTTP/1.1: {words}"))
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
fn advice(_: &io::Error) -> Option<&'static str> {
    None
}
