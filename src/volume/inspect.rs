//! `GET /volumes/{name}`

use super::{Volume, VolumeInspect};
use crate::request::{Method, Request, call, json};

impl Volume {
    /// Tells all about the volume.
    ///
    /// `GET /volumes/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such volume.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/volumes/{name}"))
    }
}

/// A call of [`Volume::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => VolumeInspect, json);
