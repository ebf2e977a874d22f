//! The connections to an engine. A call takes an idle one and returns it when its response is complete.

use super::connection::{Connection, SendError, cause, describe, is_upload};
use super::connector::Target;
use super::idle::IdleConnections;
use super::limits::Deadlines;
use super::request_body::RequestBody;
use super::response_body::ResponseBody;
#[cfg(feature = "tls-no-provider")]
use super::tls::rejection;
use crate::endpoint::Host;
use crate::{Error, ErrorKind, Result};
use hyper::Request;
use hyper::http::response;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When a request may be sent again after an idle connection turned out to be dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// The request only reads.
    Always,
    /// Only if no byte of it was sent.
    IfUnsent,
    /// Its body is a stream, which cannot be sent twice. Such a request always uses a new connection.
    Never,
}

#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) target: Target,
    idle: Arc<IdleConnections>,
    /// A permit for each connection in use, if their number is limited.
    permits: Option<Arc<Semaphore>>,
}

impl Pool {
    pub(crate) fn new(target: Target, max_connections: Option<usize>) -> Self {
        let permits = max_connections.map(|count| Arc::new(Semaphore::new(count.clamp(1, Semaphore::MAX_PERMITS))));
        Self { target, idle: Arc::default(), permits }
    }

    /// Sends the request that `request` builds, on an idle connection or a new one.
    ///
    /// If an idle connection turns out to be dead, the request is sent again on another one where that is safe. That is
    /// if no byte of it was sent, or if it only reads.
    pub(crate) async fn send(
        &self,
        request: impl Fn() -> Result<Request<RequestBody>>,
        retry: Retry,
        deadlines: Deadlines,
    ) -> Result<(response::Parts, ResponseBody)> {
        let mut permit = match &self.permits {
            Some(permits) => {
                let permit = deadlines.connecting("waiting for a free connection", acquire(permits)).await;
                Some(permit.map_err(|error| error.with_hint(ALL_IN_USE))?)
            }
            None => None,
        };
        while let Some(mut connection) = self.idle_for(retry).await {
            connection.permit = permit.take();
            match connection.exchange(request()?, &deadlines).await {
                Ok(response) => return Ok(self.respond(response, connection, deadlines)),
                Err(SendError::Broken { unsent: true, .. }) => permit = connection.permit.take(),
                Err(SendError::Broken { .. }) if retry == Retry::Always => {
                    permit = connection.permit.take();
                    break;
                }
                Err(error) => return Err(self.explain(error)),
            }
        }
        if let Some(permits) = &self.permits {
            self.idle.truncate(permits.available_permits());
        }
        let mut connection =
            deadlines.connecting("connecting to the engine", Box::pin(self.open(deadlines.connect_limit()))).await?;
        connection.permit = permit;
        match connection.exchange(request()?, &deadlines).await {
            Ok(response) => Ok(self.respond(response, connection, deadlines)),
            Err(error) => Err(self.explain(error)),
        }
    }

    async fn idle_for(&self, retry: Retry) -> Option<Box<Connection>> {
        if retry == Retry::Never { None } else { self.idle.take().await }
    }

    fn respond(
        &self,
        response: hyper::Response<hyper::body::Incoming>,
        connection: Box<Connection>,
        deadlines: Deadlines,
    ) -> (response::Parts, ResponseBody) {
        let (head, incoming) = response.into_parts();
        (head, ResponseBody::new(incoming, connection, self.idle.clone(), deadlines))
    }

    async fn open(&self, limit: Option<Duration>) -> Result<Box<Connection>> {
        let stream = self.target.connect(limit).await?;
        Connection::open(stream).await.map_err(|error| {
            let message = format!("cannot connect to {}: {}", self.target.endpoint.host, describe(&error));
            Error::new(ErrorKind::Connect, message).with_source(error)
        })
    }

    /// Converts the failure to connect, or of the exchange on a connection.
    fn explain(&self, error: SendError) -> Error {
        let (unsent, unheard, failure) = match error {
            SendError::Broken { unsent, unheard, error } => (unsent, unheard, error),
            SendError::TimedOut(error) => return error,
        };
        let words = describe(&failure);
        if is_upload(&failure) {
            return Error::new(ErrorKind::Upload, words).with_source(failure);
        }
        // An engine that rejects the client's certificate, and an `ssh` that fails, may tell so only after the request was
        // written. If the peer has responded before, there was a connection, and the request may have arrived.
        let cause = cause(&failure).filter(|_| unheard);
        let is_not_connected = cause.is_some_and(|cause| cause.kind() == io::ErrorKind::NotConnected);
        let host = &self.target.endpoint.host;
        let error = if let Some(advice) = cause.and_then(rejection) {
            Error::new(ErrorKind::Connect, format!("cannot connect to {host}: {words}")).with_hint(advice)
        } else if is_not_connected {
            Error::new(ErrorKind::Connect, format!("cannot connect to {host}: {words}"))
        } else if unsent {
            Error::new(ErrorKind::Connect, format!("cannot connect to {host}: {words} before the request was sent"))
        } else if failure.is_parse() {
            let error = Error::new(ErrorKind::Interrupted, words);
            if matches!(host, Host::Ssh(_)) { error.with_hint(SHELL_PRINTS) } else { error }
        } else {
            Error::new(ErrorKind::Interrupted, format!("{words} before the engine responded"))
                .with_hint("the engine may or may not have processed the request")
        };
        error.with_source(failure)
    }
}

async fn acquire(permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    let closed = |_| Error::new(ErrorKind::Connect, "the connection pool is closed");
    permits.clone().acquire_owned().await.map_err(closed)
}

const ALL_IN_USE: &str = "streams, waits and builds hold theirs until they end: allow more (`max_connections`)";

/// The usual reason why `ssh` connects, but no HTTP comes back.
const SHELL_PRINTS: &str = "the start-up files of the remote shell must print nothing without a terminal";

/// Suggests what to do if the engine rejects the client's certificate. Without TLS there is none.
#[cfg(not(feature = "tls-no-provider"))]
fn rejection(_: &io::Error) -> Option<&'static str> {
    None
}
