//! `POST /containers/{id}/start`

use super::Container;
use crate::request::{Request, call, unit};
use crate::{Error, Result};

impl Container {
    /// Starts the container. Succeeds if it is already running.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/web/start", "204")]);
    /// docker.container("web").start().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/start`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container, or one of its networks, does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is paused or being removed.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the container's program does not exist or is not executable.
    /// A [`status`](crate::Error::status) of 500 if, for example, one of its host ports is already in use.
    pub fn start(&self) -> Start {
        Start(self.post("/containers/{id}/start"))
    }
}

/// A call of [`Container::start`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Start(Request);

impl Start {
    /// Sets the keys that detach from the terminal, such as `ctrl-p,ctrl-q`. Engines ignore them here: use
    /// [`Attach::detach_keys`](super::Attach::detach_keys).
    pub fn detach_keys(self, keys: impl AsRef<str>) -> Self {
        Self(self.0.query("detachKeys", keys.as_ref()))
    }
}

call!(Start => (), started);

pub(super) async fn started(request: Request) -> Result<()> {
    unit(request).await.map_err(advise)
}

/// Adds what to do about a host port that is in use. The engine's message names it.
fn advise(error: Error) -> Error {
    let says = |words| error.message().contains(words);
    // Another container publishes the port.
    if says("port is already allocated") {
        return error.with_hint("stop the container that publishes this port, or publish another one");
    }
    // Any program listens on the port. `address already in use` alone may be an IP address.
    let in_use =
        says("bind: address already in use") || says("failed to bind host port") && says("address already in use");
    if in_use { error.with_hint("stop the program that listens on this port, or publish another one") } else { error }
}
