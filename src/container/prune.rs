//! `POST /containers/prune`

use super::Containers;
use crate::Moment;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Containers {
    /// Removes all containers that are not running. Keeps their volumes, including anonymous ones.
    ///
    /// Pruning can take long, so its limits except [`connect`](crate::Limits::connect) are extended by 8 minutes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[(r#"POST /containers/prune?filters={"label":{"stage=test":true}}"#,
    /// #     r#"200 {"ContainersDeleted":["50f1"],"SpaceReclaimed":4096}"#)]);
    /// let report = docker.containers().prune().label("stage=test").await?;
    /// println!("{} removed, {} bytes freed", report.containers_deleted.len(), report.space_reclaimed);
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the engine is already pruning.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/containers/prune", &[]).long_running())
    }
}

/// A call of [`Containers::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Filters for containers created before this time, by the engine's clock, such as `"24h"` for a day ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`].
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        Self(self.0.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Filters for containers with this label: `key` or `key=value`. With several labels, all must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters for containers without this label: `key` or `key=value`. With several labels, none may match.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// The result of [`Containers::prune`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The IDs of the removed containers.
    #[serde(deserialize_with = "null_to_empty")]
    pub containers_deleted: Vec<String>,
    /// The disk space that was freed, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
