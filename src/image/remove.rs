//! `DELETE /images/{name}`

use super::{Image, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, list};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Image {
    /// Removes this name from the image. Also removes the image, with its untagged parents, if this was its last name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("DELETE /images/web:1.0", r#"200 [{"Untagged":"web:1.0"},{"Deleted":"sha256:5d27"}]"#),
    /// # ]);
    /// let removed = docker.image("web:1.0").remove().await?;
    /// assert_eq!(removed[0].untagged.as_deref(), Some("web:1.0"));
    /// assert_eq!(removed[1].deleted.as_deref(), Some("sha256:5d27"));
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /images/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a container uses the image, other images were built from
    /// it, or it was named by its ID and has several tags. [`force`](Remove::force) overrides this, except for a
    /// running container. Its image stays: force only removes the name, and removing by ID remains a conflict.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/images/{name}"))
    }
}

/// A call of [`Image::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Removes the image even if stopped containers use it or it has other tags. Default: `false`.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }

    /// Keeps the untagged parents. Default: `false`, the engine removes them too.
    pub fn noprune(self, noprune: bool) -> Self {
        Self(self.0.query("noprune", noprune))
    }

    /// Removes only this variant of the image, and keeps its names: `linux/arm64` or a [`Platform`]. Defaults to all
    /// variants. Can be called several times. Requires API 1.50 or later.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(match platform::json_of(platform) {
            Ok(json) => self.0.since(Version::V1_50, "platforms").query_also("platforms", json),
            Err(why) => self.0.refuse(why),
        })
    }
}

call!(Remove => Vec<ImageDeleted>, list);

/// A name or content that was removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageDeleted {
    /// A name or digest that was removed from the image.
    pub untagged: Option<String>,
    /// The ID of an image or layer that was deleted.
    pub deleted: Option<String>,
}
