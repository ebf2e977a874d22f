//! `POST /images/prune`

use super::{ImageDeleted, Images};
use crate::Timestamp;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Images {
    /// Removes the images that no container uses and that have no tag; with [`dangling(false)`](Prune::dangling) also
    /// those that have one.
    ///
    /// It may take long: 8 minutes are added to the head limit.
    ///
    /// `POST /images/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): the engine is pruning images already.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/images/prune", &[]).long_running())
    }
}

/// A call of [`Images::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Only images without a tag, as by default; if false, all that no container uses.
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter("dangling", dangling))
    }

    /// Only images that were made before this time, by the engine's clock.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        Self(self.0.time(time, |request, time| request.filter("until", time)))
    }

    /// Only images with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only images without a label: `key` or `key=value`. Of several labels none may be there.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// What was removed, and what it freed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The names and contents that were removed.
    #[serde(deserialize_with = "null_to_empty")]
    pub images_deleted: Vec<ImageDeleted>,
    /// The disk space that it freed, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
