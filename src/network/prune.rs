//! `POST /networks/prune`

use super::Networks;
use crate::Timestamp;
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Networks {
    /// Removes all networks that no container is on, except for the engine's own.
    ///
    /// It may take long: 8 minutes are added to the head limit.
    ///
    /// `POST /networks/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): the engine is pruning something already.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/networks/prune", &[]).long_running())
    }
}

/// A call of [`Networks::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Only networks that were made before this time, by the engine's clock.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        Self(self.0.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Only networks with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only networks without a label: `key` or `key=value`. Of several labels none may be there.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// What [`Networks::prune`] removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The names of the networks.
    #[serde(deserialize_with = "null_to_empty")]
    pub networks_deleted: Vec<String>,
}
