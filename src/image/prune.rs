//! `POST /images/prune`

use super::{ImageDeleted, Images};
use crate::Moment;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Images {
    /// Removes dangling images: those without a tag that no container uses. With [`all(true)`](Prune::all), also removes
    /// unused images with a tag.
    ///
    /// Adds 8 minutes to the limits except [`connect`](crate::Limits::connect), because pruning can
    /// take long.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /images/prune?filters={"dangling":{"false":true},"label":{"app=web":true}}"#,
    /// #      r#"200 {"ImagesDeleted":[{"Deleted":"sha256:5d27"}],"SpaceReclaimed":4096}"#),
    /// # ]);
    /// let pruned = docker.images().prune().all(true).label("app=web").await?;
    /// assert_eq!(pruned.space_reclaimed, 4096); // bytes
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the engine is already pruning images.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/images/prune", &[]).long_running())
    }
}

/// A call of [`Images::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Removes all images that no container uses. Default: `false`, only images without a tag.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.filter_one("dangling", !all))
    }

    /// Removes only images created before this time, by the engine's clock, such as `"24h"` for a day ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`].
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        Self(self.0.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Removes only images with this label: `key` or `key=value`. With several labels, all must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Keeps images with this label: `key` or `key=value`. With several labels, one is enough to keep an image.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// The removed images and the freed space.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The tags and image IDs that were removed.
    #[serde(deserialize_with = "null_to_empty")]
    pub images_deleted: Vec<ImageDeleted>,
    /// The freed disk space, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
