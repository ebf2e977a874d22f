//! `GET /containers/{id}/changes`

use super::{Container, FilesystemChange};
use crate::request::{Request, call, list};

impl Container {
    /// Lists which files differ from those of the container's image; what is in volumes and mounts does not count.
    ///
    /// `GET /containers/{id}/changes`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    pub fn changes(&self) -> Changes {
        Changes(self.get("/containers/{id}/changes"))
    }
}

/// A call of [`Container::changes`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Changes(Request);

call!(Changes => Vec<FilesystemChange>, list);
