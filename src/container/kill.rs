//! `POST /containers/{id}/kill`

use super::{Container, Signal};
use crate::request::{Request, call, unit};

impl Container {
    /// Sends a signal to the container's main process. Default: SIGKILL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/web/kill?signal=SIGHUP", "204")]);
    /// use longshore::container::Signal;
    ///
    /// docker.container("web").kill().signal(Signal::HUP).await?; // nginx reloads its configuration
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/kill`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is not running.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the signal is unknown. For an unknown number, Docker 20.10
    /// responds with status 500 instead.
    pub fn kill(&self) -> Kill {
        Kill(self.post("/containers/{id}/kill"))
    }
}

/// A call of [`Container::kill`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Kill(Request);

impl Kill {
    /// Sets the signal to send: `"HUP"`, `"SIGUSR1"`, `9` or [`Signal::TERM`]. Defaults to SIGKILL.
    pub fn signal(self, signal: impl Into<Signal>) -> Self {
        Self(signal.into().set(self.0, None))
    }
}

call!(Kill => (), unit);
