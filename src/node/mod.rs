//! Nodes are the engines of a swarm.
//!
//! [`Docker::nodes`] lists nodes. [`Docker::node`] inspects, updates and removes one. Only managers support these
//! calls: see [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"GET /nodes?filters={"role":{"worker":true}}"#,
//! #      r#"200 [{"ID":"24if","Description":{"Hostname":"build-7"},"Status":{"State":"ready"}}]"#),
//! #     ("GET /nodes/24if", r#"200 {"ID":"24if","Version":{"Index":9},"Spec":{"Role":"worker","Availability":"active"}}"#),
//! #     (r#"POST /nodes/24if/update?version=9 {"Availability":"drain","Role":"worker"}"#, "200"),
//! # ]);
//! use longshore::node::{NodeAvailability, NodeRole};
//!
//! for node in docker.nodes().list().role(NodeRole::Worker).await? {
//!     println!("{} is {}", node.description.hostname, node.status.state);
//!     docker.node(node.id).update(|spec| spec.availability(NodeAvailability::Drain)).await?;
//! }
//! # Ok(()) }
//! ```

mod inspect;
mod list;
mod node_inspect;
mod node_spec;
mod remove;
mod update;

pub use inspect::Inspect;
pub use list::{List, Membership};
pub use node_inspect::{
    EngineDescription, EnginePlugin, ManagerStatus, NodeDescription, NodeInspect, NodePlatform, NodeState, NodeStatus,
    Reachability, Resources,
};
pub use node_spec::{NodeAvailability, NodeRole, NodeSpec};
pub use remove::Remove;
pub use update::Update;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the nodes of the engine's swarm, which lists them. This performs no I/O.
    #[must_use]
    pub fn nodes(&self) -> Nodes {
        Nodes { client: self.client().clone() }
    }

    /// Returns a handle to one node, given by ID, an unambiguous ID prefix, or host name. This performs no I/O. The
    /// first call fails if it does not exist.
    #[must_use]
    pub fn node(&self, hostname_or_id: impl Into<String>) -> Node {
        Node { client: self.client().clone(), id: hostname_or_id.into() }
    }
}

/// A handle to the nodes of a swarm; see [`Docker::nodes`].
#[derive(Clone, Debug)]
pub struct Nodes {
    client: Arc<Client>,
}

/// A handle to one node of a swarm, whether it exists or not. Cheap to clone. See [`Docker::node`].
#[derive(Clone, Debug)]
pub struct Node {
    client: Arc<Client>,
    id: String,
}

impl Node {
    /// Returns the ID or host name that the handle was made from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
