//! Kept connections: each call takes one that is free, and gives it back when its answer is over.

use super::body::AnswerBody;
use super::connection::{Connection, Failure, RequestBody, describe};
use super::{Deadlines, Target};
use crate::{Error, ErrorKind, Result};
use hyper::Request;
use hyper::http::response;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, Id};

/// A kept connection that was idle for longer is not used again: a firewall may have forgotten it.
const KEEP: Duration = Duration::from_secs(30);
/// So many are kept at most; as many callers at once reuse theirs.
const KEEP_AT_MOST: usize = 128;

#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) target: Target,
    kept: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    connection: Connection,
    since: Instant,
    /// The runtime whose driver wakes the socket; in another one the connection would sleep forever.
    runtime: Id,
}

impl Pool {
    pub(crate) fn new(target: Target) -> Arc<Self> {
        Arc::new(Self { target, kept: Mutex::default() })
    }

    /// Sends what `request` builds, on a kept connection or a new one.
    ///
    /// If a kept connection turns out to be dead, the request goes out again on another one where that is safe: not a
    /// byte of it was sent, or it asks for something (`safe`) and so may be sent twice.
    pub(crate) async fn send(
        self: &Arc<Self>,
        request: impl Fn() -> Request<RequestBody>,
        safe: bool,
        deadlines: Deadlines,
    ) -> Result<(response::Parts, AnswerBody)> {
        while let Some(connection) = self.take() {
            match self.exchange(connection, request(), deadlines).await? {
                Ok(answer) => return Ok(answer),
                Err(failure) if failure.unsent => {}
                Err(_) if safe => break,
                Err(failure) => return Err(interrupted(failure)),
            }
        }
        let connection = deadlines.connecting(self.open()).await?;
        self.exchange(connection, request(), deadlines).await?.map_err(interrupted)
    }

    async fn exchange(
        self: &Arc<Self>,
        mut connection: Connection,
        request: Request<RequestBody>,
        deadlines: Deadlines,
    ) -> Result<Result<(response::Parts, AnswerBody), Failure>> {
        let exchange = async { Ok(connection.exchange(request).await) };
        Ok(deadlines.awaiting_head(exchange).await?.map(|answer| {
            let (head, incoming) = answer.into_parts();
            (head, AnswerBody::new(incoming, connection, self.clone(), deadlines))
        }))
    }

    async fn open(&self) -> Result<Connection> {
        let stream = self.target.connect().await?;
        Connection::open(stream).await.map_err(|error| {
            let message = format!("cannot connect to {}: {}", self.target.name, describe(&error));
            Error::new(ErrorKind::Connect, message).with_source(error)
        })
    }

    /// Takes the connection of this runtime that was used last and is still alive. Dead ones are dropped on the way.
    fn take(&self) -> Option<Connection> {
        let runtime = Handle::current().id();
        loop {
            let mut kept = {
                let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                let index = all.iter().rposition(|kept| kept.runtime == runtime)?;
                all.remove(index)
            };
            if kept.since.elapsed() < KEEP && kept.connection.is_free() {
                return Some(kept.connection);
            }
        }
    }

    /// Keeps a connection whose answer is over.
    pub(super) fn keep(&self, connection: Connection) {
        let Ok(runtime) = Handle::try_current() else { return };
        let kept = Kept { connection, since: Instant::now(), runtime: runtime.id() };
        let mut dropped = Vec::new(); // outside of the lock
        {
            let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            // The oldest come first. Those of runtimes that are gone leave by their age.
            while all.first().is_some_and(|oldest| all.len() >= KEEP_AT_MOST || oldest.since.elapsed() >= KEEP) {
                dropped.push(all.remove(0));
            }
            all.push(kept);
        }
    }
}

fn interrupted(failure: Failure) -> Error {
    let sent = if failure.unsent { "before the request was sent" } else { "before it answered" };
    let message = format!("{} {sent}", describe(&failure.error));
    let error = Error::new(ErrorKind::Interrupted, message).with_source(failure.error);
    if failure.unsent { error } else { error.with_hint("what was asked for may have been done or not") }
}
