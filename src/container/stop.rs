//! `POST /containers/{id}/stop`

use super::{Container, Signal, timeout};
use crate::request::{Request, call, unit};
use crate::{GoDuration, Version};
use std::fmt::Display;

impl Container {
    /// Stops the container: sends its stop signal, then SIGKILL after the timeout. Succeeds if it is already stopped.
    ///
    /// The engine carries on even if the call is dropped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/web/stop?t=30", "204")]);
    /// docker.container("web").stop().timeout("30s").await?; // or a `Duration`
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/stop`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// A [`status`](crate::Error::status) of 500 if, for example, the signal is unknown.
    pub fn stop(&self) -> Stop {
        Stop(self.post("/containers/{id}/stop"))
    }
}

/// A call of [`Container::stop`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Stop(Request);

impl Stop {
    /// Sets how long the engine waits before it sends SIGKILL. Rounded up to whole seconds; [`Duration::MAX`](std::time::Duration::MAX) waits
    /// forever.
    ///
    /// Defaults to the container's `stop_timeout`, or else 10 seconds. The limits of the call are extended by it.
    pub fn timeout(self, timeout: impl TryInto<GoDuration, Error: Display>) -> Self {
        Self(timeout::set(self.0, timeout))
    }

    /// Sets the signal to send first. Defaults to the container's `stop_signal`, or else SIGTERM. Requires API 1.42 or
    /// later.
    pub fn signal(self, signal: impl Into<Signal>) -> Self {
        Self(signal.into().set(self.0, Some(Version::V1_42)))
    }
}

call!(Stop => (), unit);
