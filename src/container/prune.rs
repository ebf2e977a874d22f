//! `POST /containers/prune`

use super::Containers;
use crate::Timestamp;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Containers {
    /// Removes all containers that do not run. Their volumes stay, the anonymous ones too.
    ///
    /// It may take long: 8 minutes are added to the head limit.
    ///
    /// `POST /containers/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): the engine is pruning something already.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/containers/prune", &[]).long_running())
    }
}

/// A call of [`Containers::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Only containers that were made before this time, by the engine's clock.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        Self(self.0.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Only containers with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only containers without a label: `key` or `key=value`. Of several labels none may be there.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// What [`Containers::prune`] removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The ids of the containers.
    #[serde(deserialize_with = "null_to_empty")]
    pub containers_deleted: Vec<String>,
    /// How many bytes they took.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
