//! `POST /containers/{id}/unpause`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Resumes a [paused](Self::pause) container.
    ///
    /// `POST /containers/{id}/unpause`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// A [`status`](crate::Error::status) of 500 if the container is not paused.
    pub fn unpause(&self) -> Unpause {
        Unpause(self.post("/containers/{id}/unpause"))
    }
}

/// A call of [`Container::unpause`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Unpause(Request);

call!(Unpause => (), unit);
