//! `DELETE /nodes/{id}`

use super::Node;
use crate::request::{Method, Request, call, unit};

impl Node {
    /// Removes the node from the swarm. Use this for a node that has left the swarm or is lost for good.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /nodes/24if?force=true", "200")]);
    /// docker.node("24if").remove().force(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /nodes/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the node does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the node is a manager (demote it first), or if it is still
    /// running and [`force`](Remove::force) is not set.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/nodes/{id}"))
    }
}

/// A call of [`Node::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Removes a worker even if it is still running. Defaults to `false`.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }
}

call!(Remove => (), unit);
