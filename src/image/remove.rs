//! `DELETE /images/{name}`

use super::{Image, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, list};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Image {
    /// Takes this name off the image, and removes it if that was its last one, with its untagged parents.
    ///
    /// `DELETE /images/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the image is not there.
    /// [`Error::is_conflict`](crate::Error::is_conflict): a container uses it, other images were built upon it, or it
    /// was named by its id and has several tags; [`force`](Remove::force) helps. A running container keeps its image:
    /// the name is taken off by force, and removing by id stays a conflict.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/images/{name}"))
    }
}

/// A call of [`Image::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Removes it although stopped containers use it or it has other tags; by default not.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }

    /// Leaves its untagged parents; by default they are removed too.
    pub fn noprune(self, noprune: bool) -> Self {
        Self(self.0.query("noprune", noprune))
    }

    /// Removes only this variant of the image, and leaves its names: `linux/arm64`, or a [`Platform`]. All of it if
    /// not set. May be said several times. Since API 1.50.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(match platform::json_of(platform) {
            Ok(json) => self.0.since(Version::V1_50, "platforms").query_also("platforms", json),
            Err(why) => self.0.refuse(why),
        })
    }
}

call!(Remove => Vec<ImageDeleted>, list);

/// What was removed of an image: a name, or content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageDeleted {
    /// A name or digest that was taken off.
    pub untagged: Option<String>,
    /// The id of an image or layer that was removed.
    pub deleted: Option<String>,
}
