//! `POST /containers/{id}/start`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Starts the container. One that runs already is fine too.
    ///
    /// `POST /containers/{id}/start`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container, or a network of it is gone.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it is paused, or being removed.
    /// [`Error::is_invalid`](crate::Error::is_invalid): its program is not there or not executable. A
    /// [`status`](crate::Error::status) of 500, among others: one of its host ports is taken.
    pub fn start(&self) -> Start {
        Start(self.post("/containers/{id}/start"))
    }
}

/// A call of [`Container::start`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Start(Request);

impl Start {
    /// The keys that detach a terminal, such as `ctrl-p,ctrl-q`. Engines ignore it here: set it on
    /// [`attach`](super::Attach::detach_keys).
    pub fn detach_keys(self, keys: impl AsRef<str>) -> Self {
        Self(self.0.query("detachKeys", keys.as_ref()))
    }
}

call!(Start => (), unit);
