//! `POST /swarm/leave`

use super::Swarm;
use crate::request::{Method, Request, call, unit};

impl Swarm {
    /// Leaves the swarm. The swarm stops the engine's tasks and starts them on other nodes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /swarm/leave?force=true", "200")]);
    /// docker.swarm().leave().force(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /swarm/leave`
    ///
    /// # Errors
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not part of a swarm. A
    /// [`status`](crate::Error::status) of 503 if it is a manager and [`force`](Leave::force) is not set.
    pub fn leave(&self) -> Leave {
        Leave(self.client.request(Method::POST, "/swarm/leave", &[]))
    }
}

/// A call of [`Swarm::leave`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Leave(Request);

impl Leave {
    /// Leaves even if the engine is a manager. If it is the last one, the swarm and all its objects are lost. Defaults
    /// to `false`.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }
}

call!(Leave => (), unit);
