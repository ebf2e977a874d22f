//! `POST /containers/{id}/stop`

use super::{Container, Signal, timeout};
use crate::Version;
use crate::request::{Request, call, unit};
use std::time::Duration;

impl Container {
    /// Stops the container: its stop signal, then SIGKILL after the timeout. One that is stopped already is fine too.
    ///
    /// The engine goes on with it even if the call is dropped.
    ///
    /// `POST /containers/{id}/stop`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// A [`status`](crate::Error::status) of 500, among others: that is no signal.
    pub fn stop(&self) -> Stop {
        Stop(self.post("/containers/{id}/stop"))
    }
}

/// A call of [`Container::stop`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Stop(Request);

impl Stop {
    /// How long the engine waits before SIGKILL, in whole seconds, rounded up; [`Duration::MAX`]: for ever.
    ///
    /// If not set it is the container's `stop_timeout`, or 10 s. The call's own limit grows by it.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self(timeout::set(self.0, timeout))
    }

    /// The signal to send first, instead of the container's `stop_signal`, or SIGTERM if it has none. Since API 1.42.
    pub fn signal(self, signal: impl Into<Signal>) -> Self {
        Self(signal.into().set(self.0, Some(Version::V1_42)))
    }
}

call!(Stop => (), unit);
