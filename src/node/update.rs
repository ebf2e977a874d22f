//! `POST /nodes/{id}/update`

use super::{Node, NodeSpec};
use crate::request::{Method, SpecUpdate, call, respecified};

impl Node {
    /// Updates the node's role, availability or labels: reads its specification, applies `change`, and sends it back.
    /// Settings unknown to this crate are preserved.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /nodes/build-7", r#"200 {"ID":"24if","Version":{"Index":9},"Spec":{"Role":"worker","Availability":"active"}}"#),
    /// #     (r#"POST /nodes/build-7/update?version=9 {"Availability":"active","Labels":{"disk":"ssd"},"Role":"worker"}"#, "200"),
    /// # ]);
    /// docker.node("build-7").update(|spec| spec.label("disk", "ssd")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /nodes/{id}/update`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the node does not exist.
    /// [`Error::is_out_of_sequence`](crate::Error::is_out_of_sequence) if the node was changed concurrently; see
    /// [`attempts`](Update::attempts). [`Error::is_invalid`](crate::Error::is_invalid) if this would demote the last
    /// manager. [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn update(&self, change: impl Fn(NodeSpec) -> NodeSpec + Send + Sync + 'static) -> Update {
        let inspect = self.request(Method::GET, "/nodes/{id}");
        Update(SpecUpdate::new(inspect, self.request(Method::POST, "/nodes/{id}/update"), change))
    }
}

/// A call of [`Node::update`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(SpecUpdate<NodeSpec>);

impl Update {
    /// Sets the number of attempts. Each attempt reads the node again and applies the change, in case of a concurrent
    /// change. Defaults to 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self(self.0.attempts(attempts))
    }
}

call!(Update => (), respecified);
