//! `POST /volumes/prune`

use super::Volumes;
use crate::Version;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

impl Volumes {
    /// Removes the anonymous volumes that no container uses, running or stopped, with all their data. Named volumes
    /// stay, unless [`all`](Prune::all) is set.
    ///
    /// **With API 1.41 (Docker 20.10), the engine removes named volumes too**, and there is no way to prevent it. Check
    /// [`Docker::api_version`](crate::Docker::api_version) first.
    ///
    /// This can take long, so the limits except [`connect`](crate::Limits::connect) are extended by
    /// 8 minutes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /volumes/prune?filters={"all":{"true":true},"label":{"ci":true}}"#,
    /// #      r#"200 {"VolumesDeleted":["build-41"],"SpaceReclaimed":4096}"#),
    /// # ]);
    /// let pruned = docker.volumes().prune().all(true).label("ci").await?;
    /// println!("{} bytes freed", pruned.space_reclaimed);
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /volumes/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the engine is already pruning.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/volumes/prune", &[]).long_running())
    }
}

/// A call of [`Volumes::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Removes named volumes too. Defaults to `false`. Requires API 1.42 or later. Before API 1.42, engines always
    /// remove them.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.since(Version::V1_42, "the filter all").filter_one("all", all))
    }

    /// Removes only volumes with a label, given as `key` or `key=value`. If called more than once, every label must
    /// match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Removes only volumes without a label, given as `key` or `key=value`. If called more than once, no label may
    /// match.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// The result of [`Volumes::prune`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The names of the removed volumes.
    #[serde(deserialize_with = "null_to_empty")]
    pub volumes_deleted: Vec<String>,
    /// The disk space freed, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
