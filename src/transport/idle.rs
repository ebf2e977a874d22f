//! Connections that wait for the next call.

use super::connection::Connection;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::runtime::{Handle, Id};
use tokio::time::Instant;

/// An idle connection is closed after this time: a firewall may have forgotten it.
const MAX_AGE: Duration = Duration::from_secs(30);
/// What has arrived on a connection that was idle for longer, the runtime is let look for before the connection is used: a
/// stray response would be taken for the next call's.
const UNSEEN: Duration = Duration::from_millis(1);
/// At most so many are kept. As many callers at once reuse theirs.
const MAX_IDLE: usize = 128;

/// The idle connections of an engine.
#[derive(Debug, Default)]
pub(super) struct IdleConnections(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The one used last is at the end.
    idle: Vec<Idle>,
    /// The runtimes in which a [`Reaper`] runs.
    reaped: Vec<Id>,
}

#[derive(Debug)]
struct Idle {
    connection: Box<Connection>,
    expires: Instant,
}

impl Idle {
    fn runtime(&self) -> Id {
        self.connection.runtime.id()
    }
}

impl State {
    fn remove(&mut self, is_removed: impl Fn(&Idle) -> bool) -> Vec<Idle> {
        let (removed, kept) = mem::take(&mut self.idle).into_iter().partition(is_removed);
        self.idle = kept;
        removed
    }
}

impl IdleConnections {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the connection of this runtime that was used last and is still alive. Drops dead ones on the way.
    pub(super) async fn take(&self) -> Option<Box<Connection>> {
        while let Some((mut connection, left)) = self.take_last() {
            if left < MAX_AGE.saturating_sub(UNSEEN) {
                tokio::task::yield_now().await;
            }
            if !left.is_zero() && connection.is_free() {
                return Some(connection);
            }
        }
        None
    }

    /// The connection of this runtime that was used last, and how long it may still be kept.
    fn take_last(&self) -> Option<(Box<Connection>, Duration)> {
        let runtime = Handle::current().id();
        let mut state = self.lock();
        let index = state.idle.iter().rposition(|idle| idle.runtime() == runtime)?;
        let Idle { connection, expires } = state.idle.remove(index);
        Some((connection, expires.saturating_duration_since(Instant::now())))
    }

    /// Keeps a connection whose response is complete, until it is taken or too old.
    pub(super) fn put(self: &Arc<Self>, mut connection: Box<Connection>) {
        let expires = Instant::now() + MAX_AGE;
        connection.timer.rest_until(expires);
        connection.permit = None;
        let runtime = connection.runtime.clone();
        let mut state = self.lock();
        let oldest = (state.idle.len() >= MAX_IDLE).then(|| state.idle.remove(0));
        state.idle.push(Idle { connection, expires });
        let is_reaped = state.reaped.contains(&runtime.id());
        if !is_reaped {
            state.reaped.push(runtime.id());
        }
        drop(state);
        drop(oldest); // outside of the lock
        if !is_reaped {
            runtime.spawn(Reaper { connections: Arc::downgrade(self), runtime: runtime.id() }.run());
        }
    }

    /// Closes the oldest, so that no more than `count` remain.
    pub(super) fn truncate(&self, count: usize) {
        let mut state = self.lock();
        let surplus = state.idle.len().saturating_sub(count);
        let closed: Vec<_> = state.idle.drain(..surplus).collect();
        drop(state);
        drop(closed); // outside of the lock
    }

    /// Closes what has expired, and tells when the next connection of this runtime does.
    fn close_expired(&self, runtime: Id) -> Option<Instant> {
        let mut state = self.lock();
        let now = Instant::now();
        let closed = state.remove(|idle| idle.expires <= now);
        let next = state.idle.iter().find(|idle| idle.runtime() == runtime).map(|idle| idle.expires);
        if next.is_none() {
            state.reaped.retain(|reaped| *reaped != runtime);
        }
        drop(state);
        drop(closed); // outside of the lock
        next
    }

    fn close_all_of(&self, runtime: Id) {
        let mut state = self.lock();
        state.reaped.retain(|reaped| *reaped != runtime);
        let closed = state.remove(|idle| idle.runtime() == runtime);
        drop(state);
        drop(closed); // outside of the lock
    }
}

/// Closes the idle connections of a runtime when their time is over, or when the runtime ends.
///
/// It wakes at most once in [`MAX_AGE`], and not at all while nothing is idle.
struct Reaper {
    connections: Weak<IdleConnections>,
    runtime: Id,
}

impl Reaper {
    async fn run(mut self) {
        while let Some(connections) = self.connections.upgrade() {
            let Some(next) = connections.close_expired(self.runtime) else { break };
            drop(connections);
            tokio::time::sleep_until(next).await;
        }
        self.connections = Weak::new(); // another reaper may have begun
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        if let Some(connections) = self.connections.upgrade() {
            connections.close_all_of(self.runtime);
        }
    }
}
