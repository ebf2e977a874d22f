//! `GET /nodes`

use super::{NodeInspect, NodeRole, Nodes};
use crate::request::{Method, Request, call, list};
use crate::wire::open_enum;

impl Nodes {
    /// Lists the nodes of the swarm.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /nodes?filters={"node.label":{"disk=ssd":true}}"#,
    /// #      r#"200 [{"ID":"24if","Description":{"Hostname":"build-7"}}]"#),
    /// # ]);
    /// for node in docker.nodes().list().label("disk=ssd").await? {
    ///     println!("{} {}", node.id, node.description.hostname);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /nodes`
    ///
    /// # Errors
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/nodes", &[]))
    }
}

open_enum! {
    /// The membership of a node in the swarm.
    pub enum Membership {
        /// The node has been accepted into the swarm.
        Accepted = "accepted",
        /// The node is waiting to be accepted.
        Pending = "pending",
    }
}

/// A call of [`Nodes::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Filters by ID, given as a prefix. If called more than once, any of them may match.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", id.as_ref()))
    }

    /// Filters by label of the node's engine, given as `key` or `key=value`. If called more than once, every label must
    /// match.
    pub fn engine_label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by label of the node in the swarm, given as `key` or `key=value`. If called more than once, every label
    /// must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("node.label", label.as_ref()))
    }

    /// Filters by membership: accepted nodes, or nodes waiting to be accepted.
    pub fn membership(self, membership: impl Into<Membership>) -> Self {
        Self(self.0.filter("membership", membership.into()))
    }

    /// Filters by host name, given as a prefix. If called more than once, any of them may match.
    pub fn name(self, name: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", name.as_ref()))
    }

    /// Filters by role: managers or workers.
    pub fn role(self, role: impl Into<NodeRole>) -> Self {
        Self(self.0.filter("role", role.into()))
    }
}

call!(List => Vec<NodeInspect>, list);
