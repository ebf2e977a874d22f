//! `POST /containers/{id}/pause`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Pauses the container: all of its processes stand still, until [`unpause`](Self::unpause). It counts as running.
    ///
    /// `POST /containers/{id}/pause`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it does not run, or is paused already.
    pub fn pause(&self) -> Pause {
        Pause(self.post("/containers/{id}/pause"))
    }
}

/// A call of [`Container::pause`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Pause(Request);

call!(Pause => (), unit);
