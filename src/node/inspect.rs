//! `GET /nodes/{id}`

use super::{Node, NodeInspect};
use crate::request::{Method, Request, call, json};

impl Node {
    /// Inspects the node.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /nodes/build-7",
    /// #      r#"200 {"ID":"24if","Description":{"Hostname":"build-7"},"Status":{"State":"ready","Addr":"10.0.0.7"}}"#),
    /// # ]);
    /// let node = docker.node("build-7").inspect().await?;
    /// println!("{} is {} at {:?}", node.description.hostname, node.status.state, node.status.addr);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /nodes/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the node does not exist.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/nodes/{id}"))
    }
}

/// A call of [`Node::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => NodeInspect, json);
