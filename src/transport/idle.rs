//! Idle connections, kept for the next call.

use super::connection::Connection;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::runtime::{Handle, Id};
use tokio::time::Instant;

/// The time after which an idle connection is closed. A firewall may have forgotten it.
const MAX_AGE: Duration = Duration::from_secs(30);
/// A connection that was idle for longer than this first gives the runtime a chance to notice input. A stray response
/// would be taken for that of the next call.
const UNSEEN: Duration = Duration::from_millis(1);
/// The most idle connections kept. That many concurrent callers reuse theirs.
const MAX_IDLE: usize = 128;

/// The idle connections of an engine.
#[derive(Debug, Default)]
pub(super) struct IdleConnections(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Ordered by last use, the most recent at the end.
    idle: Vec<Idle>,
    /// The runtimes that run a [`Reaper`].
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

    /// Takes the most recently used live connection of this runtime. Drops dead ones on the way.
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

    /// Takes the most recently used connection of this runtime, with the time it may still be kept.
    fn take_last(&self) -> Option<(Box<Connection>, Duration)> {
        let runtime = Handle::current().id();
        let mut state = self.lock();
        let index = state.idle.iter().rposition(|idle| idle.runtime() == runtime)?;
        let Idle { connection, expires } = state.idle.remove(index);
        Some((connection, expires.saturating_duration_since(Instant::now())))
    }

    /// Keeps a connection whose response is complete, until it is taken or expires.
    pub(super) fn put(self: &Arc<Self>, mut connection: Box<Connection>) {
        let expires = Instant::now() + MAX_AGE;
        connection.timer.rest_until(expires);
        let permit = connection.permit.take();
        let runtime = connection.runtime.clone();
        let mut state = self.lock();
        let oldest = (state.idle.len() >= MAX_IDLE).then(|| state.idle.remove(0));
        state.idle.push(Idle { connection, expires });
        let is_reaped = state.reaped.contains(&runtime.id());
        if !is_reaped {
            state.reaped.push(runtime.id());
        }
        drop(state);
        drop(permit); // only now: its next holder counts the idle connections
        drop(oldest); // not while holding the lock
        if !is_reaped {
            runtime.spawn(Reaper { connections: Arc::downgrade(self), runtime: runtime.id() }.run(expires));
        }
    }

    /// Closes the oldest connections, so that at most `count` remain.
    pub(super) fn truncate(&self, count: usize) {
        let mut state = self.lock();
        let surplus = state.idle.len().saturating_sub(count);
        let closed: Vec<_> = state.idle.drain(..surplus).collect();
        drop(state);
        drop(closed); // not while holding the lock
    }

    /// Closes expired connections and returns when the next one of this runtime expires.
    fn close_expired(&self, runtime: Id) -> Option<Instant> {
        let mut state = self.lock();
        let now = Instant::now();
        let closed = state.remove(|idle| idle.expires <= now);
        let next = state.idle.iter().find(|idle| idle.runtime() == runtime).map(|idle| idle.expires);
        if next.is_none() {
            state.reaped.retain(|reaped| *reaped != runtime);
        }
        drop(state);
        drop(closed); // not while holding the lock
        next
    }

    fn close_all_of(&self, runtime: Id) {
        let mut state = self.lock();
        state.reaped.retain(|reaped| *reaped != runtime);
        let closed = state.remove(|idle| idle.runtime() == runtime);
        drop(state);
        drop(closed); // not while holding the lock
    }
}

/// Closes the idle connections of a runtime when they expire, or when the runtime ends.
///
/// It wakes at most once per [`MAX_AGE`], and ends once no connection is idle.
struct Reaper {
    connections: Weak<IdleConnections>,
    runtime: Id,
}

impl Reaper {
    async fn run(mut self, mut next: Instant) {
        loop {
            tokio::time::sleep_until(next).await;
            let Some(connections) = self.connections.upgrade() else { break };
            let Some(expires) = connections.close_expired(self.runtime) else { break };
            next = expires;
        }
        self.connections = Weak::new(); // another reaper may have started
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        if let Some(connections) = self.connections.upgrade() {
            connections.close_all_of(self.runtime);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::connection::Connection;
    use super::super::socket::Socket;
    use super::IdleConnections;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::sync::Semaphore;

    #[tokio::test]
    async fn a_permit_is_free_only_once_its_connection_is_idle() {
        let (client, _engine) = tokio::io::duplex(64);
        let socket: Box<dyn Socket> = Box::new(client);
        let mut connection = Connection::open(Box::new(socket)).await.expect("a connection");
        let permits = Arc::new(Semaphore::new(1));
        connection.permit = Some(permits.clone().try_acquire_owned().expect("a permit"));
        let idle = Arc::<IdleConnections>::default();
        let state = idle.lock(); // nothing can become idle yet
        let putting = std::thread::spawn({
            let idle = idle.clone();
            move || idle.put(connection)
        });
        std::thread::sleep(Duration::from_millis(50)); // gives the thread the time to do it wrong
        assert_eq!(permits.available_permits(), 0);
        drop(state);
        putting.join().expect("no panic");
        assert_eq!(permits.available_permits(), 1);
    }
}
