//! `GET /images/{name}/json`

use super::{Image, ImageInspect, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, json};
use std::fmt::Display;

impl Image {
    /// Returns the details of the image.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /images/nginx:1.27/json",
    /// #      r#"200 {"Id":"sha256:a9dc","Config":{"ExposedPorts":{"80/tcp":{}}},"Size":192004242}"#),
    /// # ]);
    /// let nginx = docker.image("nginx:1.27").inspect().await?;
    /// println!("{} has {} bytes", nginx.id, nginx.size);
    /// assert_eq!(nginx.config.unwrap_or_default().exposed_ports, ["80/tcp"]);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/{name}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist. [Pull](super::Images::pull) it first.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/images/{name}/json"))
    }
}

/// A call of [`Image::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Includes [`ImageInspect::manifests`]. Default: `false`. Engines refuse it together with
    /// [`platform`](Inspect::platform). Requires API 1.48 or later.
    pub fn manifests(self, manifests: bool) -> Self {
        Self(self.0.query_since(Version::V1_48, "manifests", manifests))
    }

    /// Sets the variant of the image, as `linux/arm64` or a [`Platform`]. Defaults to the engine's own platform, or any
    /// that is present. Requires API 1.49 or later.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::one(self.0, Version::V1_49, platform))
    }
}

call!(Inspect => ImageInspect, json);
