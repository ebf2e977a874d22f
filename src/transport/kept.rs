//! Connections that wait for the next call.

use super::connection::Connection;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// A kept connection that was idle for longer is not used again: a firewall may have forgotten it.
const KEEP: Duration = Duration::from_secs(30);
/// So many are kept at most; as many callers at once reuse theirs.
const KEEP_AT_MOST: usize = 128;

/// The kept connections of an engine, the one used last at the end.
#[derive(Debug, Default)]
pub(super) struct KeptConnections(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    connection: Box<Connection>,
    until: Instant,
}

impl KeptConnections {
    /// Takes the connection of this runtime that was used last and is still alive. Dead ones are dropped on the way.
    pub(super) fn take(&self) -> Option<Box<Connection>> {
        let runtime = Handle::current().id();
        loop {
            let Kept { mut connection, until } = {
                let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                let index = all.iter().rposition(|kept| kept.connection.runtime == runtime)?;
                all.remove(index)
            };
            if Instant::now() < until && connection.is_free() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose answer is over.
    pub(super) fn keep(&self, mut connection: Box<Connection>) {
        connection.rest();
        let now = Instant::now();
        let mut dropped = Vec::new(); // outside of the lock
        {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // The oldest come first. Those of runtimes that are gone leave by their age.
            while all.first().is_some_and(|oldest| all.len() >= KEEP_AT_MOST || now >= oldest.until) {
                dropped.push(all.remove(0));
            }
            all.push(Kept { connection, until: now + KEEP });
        }
    }
}
