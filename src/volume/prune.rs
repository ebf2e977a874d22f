//! `POST /volumes/prune`

use super::Volumes;
use crate::Version;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

impl Volumes {
    /// Removes the anonymous volumes that no container uses, running or not, and all that is in them. Those with a name
    /// stay, unless they are [asked for](Prune::all).
    ///
    /// **With API 1.41 (Docker 20.10) it removes those with a name as well**, and cannot be told otherwise: see
    /// [`Docker::api_version`](crate::Docker::api_version).
    ///
    /// It may take long: 8 minutes are added to the head limit.
    ///
    /// `POST /volumes/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): the engine is pruning something already.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/volumes/prune", &[]).long_running())
    }
}

/// A call of [`Volumes::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Whether those with a name are removed too; by default not. Since API 1.42; before it they always are.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.since(Version::V1_42, "the filter all").filter_one("all", all))
    }

    /// Only volumes with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only volumes without a label: `key` or `key=value`. Of several labels none may be there.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// What [`Volumes::prune`] removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The names of the volumes.
    #[serde(deserialize_with = "null_to_empty")]
    pub volumes_deleted: Vec<String>,
    /// How many bytes they took.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
