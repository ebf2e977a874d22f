//! `POST /networks/prune`

use super::Networks;
use crate::Moment;
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Networks {
    /// Removes all networks without containers, except the predefined ones.
    ///
    /// This can take long, so the limits except [`connect`](crate::Limits::connect) are extended by
    /// 8 minutes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /networks/prune?filters={"label":{"ci":true}}"#, r#"200 {"NetworksDeleted":["build-41"]}"#),
    /// # ]);
    /// let pruned = docker.networks().prune().label("ci").await?;
    /// assert_eq!(pruned.networks_deleted, ["build-41"]);
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /networks/prune`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the engine is already pruning.
    pub fn prune(&self) -> Prune {
        Prune(self.client.request(Method::POST, "/networks/prune", &[]).long_running())
    }
}

/// A call of [`Networks::prune`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Prune(Request);

impl Prune {
    /// Removes only networks created before this time, by the engine's clock, such as `"24h"` for a day ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`].
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        Self(self.0.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Removes only networks with a label, given as `key` or `key=value`. If called more than once, every label must
    /// match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Removes only networks without a label, given as `key` or `key=value`. If called more than once, no label may
    /// match.
    pub fn without_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label!", label.as_ref()))
    }
}

call!(Prune => PruneReport, json);

/// The result of [`Networks::prune`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PruneReport {
    /// The names of the removed networks.
    #[serde(deserialize_with = "null_to_empty")]
    pub networks_deleted: Vec<String>,
}
