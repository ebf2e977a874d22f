//! `GET /swarm`

use super::Swarm;
use crate::Secret;
use crate::request::{Method, Request, call, json};
use crate::system::ClusterInfo;
use crate::wire::null_to_default;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

impl Swarm {
    /// Inspects the swarm, including its join tokens.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /swarm", r#"200 {"ID":"x1","JoinTokens":{"Worker":"SWMTKN-1-a","Manager":"SWMTKN-1-b"}}"#),
    /// # ]);
    /// let swarm = docker.swarm().inspect().await?;
    /// assert_eq!(swarm.cluster.id, "x1");
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /swarm`
    ///
    /// # Errors
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.client.request(Method::GET, "/swarm", &[]))
    }
}

/// A call of [`Swarm::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => SwarmInspect, json);

/// A swarm, with its join tokens. Dereferences to [`ClusterInfo`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmInspect {
    /// The swarm without its join tokens.
    #[serde(flatten)]
    pub cluster: ClusterInfo,
    /// The tokens with which other engines join.
    #[serde(deserialize_with = "null_to_default")]
    pub join_tokens: JoinTokens,
}

impl Deref for SwarmInspect {
    type Target = ClusterInfo;

    fn deref(&self) -> &ClusterInfo {
        &self.cluster
    }
}

/// The tokens with which other engines join a swarm. Each token is a secret: it is enough to join.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct JoinTokens {
    /// The token to join as a worker.
    pub worker: Secret,
    /// The token to join as a manager.
    pub manager: Secret,
}
