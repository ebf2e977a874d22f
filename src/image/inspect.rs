//! `GET /images/{name}/json`

use super::{Image, ImageInspect, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, json};
use std::fmt::Display;

impl Image {
    /// Tells all about the image.
    ///
    /// `GET /images/{name}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the image is not there; pull it first.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/images/{name}/json"))
    }
}

/// A call of [`Image::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Asks for [`ImageInspect::manifests`]; by default not. Engines refuse it together with [`platform`](Inspect::platform).
    /// Since API 1.48.
    pub fn manifests(self, manifests: bool) -> Self {
        Self(self.0.query_since(Version::V1_48, "manifests", manifests))
    }

    /// Which variant of the image to tell about: `linux/arm64`, or a [`Platform`]; the engine's own, or any that is
    /// there, if not set. Since API 1.49.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::one(self.0, Version::V1_49, platform))
    }
}

call!(Inspect => ImageInspect, json);
