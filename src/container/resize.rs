//! `POST /containers/{id}/resize`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Changes the size of the container's terminal: its height in lines, and its width in characters.
    ///
    /// `POST /containers/{id}/resize`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it does not run.
    pub fn resize(&self, height: u32, width: u32) -> Resize {
        Resize(self.post("/containers/{id}/resize").query("h", height).query("w", width))
    }
}

/// A call of [`Container::resize`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Resize(Request);

call!(Resize => (), unit);
