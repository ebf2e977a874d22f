//! `GET /containers/{id}/json`

use super::{Container, ContainerInspect};
use crate::request::{Request, call, json};

impl Container {
    /// Tells all that the engine knows of the container.
    ///
    /// `GET /containers/{id}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.get("/containers/{id}/json"))
    }
}

/// A call of [`Container::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Whether the sizes of its files are measured, which takes the engine a while; by default not.
    pub fn size(self, size: bool) -> Self {
        Self(self.0.query("size", size))
    }
}

call!(Inspect => ContainerInspect, json);
