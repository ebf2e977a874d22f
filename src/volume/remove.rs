//! `DELETE /volumes/{name}`

use super::Volume;
use crate::request::{Method, Request, call, unit};

impl Volume {
    /// Removes the volume and all that is in it.
    ///
    /// `DELETE /volumes/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such volume; with [`force`](Remove::force) that
    /// is fine. [`Error::is_conflict`](crate::Error::is_conflict): a container uses it, running or not.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/volumes/{name}"))
    }
}

/// A call of [`Volume::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Takes it as done if there is no such volume, or if its driver has lost it; not if a container uses it. By
    /// default neither.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }
}

call!(Remove => (), unit);
