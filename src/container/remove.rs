//! `DELETE /containers/{id}`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Removes the container.
    ///
    /// One that was made with [`auto_remove`](super::ContainerSpec::auto_remove) may be gone by itself: "not
    /// found" is fine then, and so is a conflict that says that it is being removed.
    ///
    /// `DELETE /containers/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it runs (stop it, or [`Remove::force`]), or is being removed.
    pub fn remove(&self) -> Remove {
        Remove(self.delete())
    }
}

/// A call of [`Container::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Whether its anonymous volumes are removed with it; named ones never are. By default not.
    pub fn volumes(self, volumes: bool) -> Self {
        Self(self.0.query("v", volumes))
    }

    /// Whether it is killed first if it runs; by default not, which is a conflict.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }

    /// Whether it is a link that is removed, by its name `container/alias`, and not the container; by default not.
    pub fn link(self, link: bool) -> Self {
        Self(self.0.query("link", link))
    }
}

call!(Remove => (), unit);
