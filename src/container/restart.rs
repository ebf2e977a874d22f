//! `POST /containers/{id}/restart`

use super::start::started;
use super::{Container, Signal, timeout};
use crate::request::{Request, call};
use crate::{GoDuration, Version};
use std::fmt::Display;

impl Container {
    /// Stops the container as [`stop`](Self::stop) does, and starts it again. A stopped container is started.
    ///
    /// The engine carries on even if the call is dropped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/web/restart?t=30", "204")]);
    /// docker.container("web").restart().timeout("30s").await?; // or a `Duration`
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/restart`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// The errors of [`start`](Self::start) if the container cannot be started.
    pub fn restart(&self) -> Restart {
        Restart(self.post("/containers/{id}/restart"))
    }
}

/// A call of [`Container::restart`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Restart(Request);

impl Restart {
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

call!(Restart => (), started);
