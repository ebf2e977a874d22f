//! Networks connect containers to each other and to the outside.
//!
//! [`Docker::networks`] creates, lists and prunes networks. [`Docker::network`] inspects, connects, disconnects and
//! removes one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /networks/create {"CheckDuplicate":true,"Name":"back","Internal":true,
//! #         "IPAM":{"Config":[{"Subnet":"172.20.0.0/16"}]}}"#, r#"201 {"Id":"7d86d31b1478","Warning":""}"#),
//! #     (r#"POST /networks/7d86d31b1478/connect {"Container":"db","EndpointConfig":{"Aliases":["database"]}}"#, "200"),
//! #     ("GET /networks/7d86d31b1478", r#"200 {"Name":"back","Id":"7d86d31b1478","Internal":true,"Containers":{
//! #         "3613f73ba0e4":{"Name":"db","IPv4Address":"172.20.0.2/16"}}}"#),
//! #     (r#"POST /networks/7d86d31b1478/disconnect {"Container":"db","Force":false}"#, "200"),
//! #     ("DELETE /networks/7d86d31b1478", "204"),
//! # ]);
//! use longshore::network::NetworkSpec;
//!
//! let spec = NetworkSpec::new("back").internal(true).subnet("172.20.0.0/16");
//! let back = docker.networks().create(spec).await?;
//! back.connect("db").alias("database").await?;
//!
//! for (id, container) in &back.inspect().await?.containers {
//!     println!("{id}: {} at {:?}", container.name, container.ipv4_address); // 172.20.0.2/16
//! #   assert_eq!(container.ipv4_address.as_deref(), Some("172.20.0.2/16"));
//! }
//!
//! back.disconnect("db").await?;
//! back.remove().await?;
//! # Ok(()) }
//! ```

mod connect;
mod create;
mod disconnect;
mod endpoint;
mod endpoint_resource;
mod inspect;
mod ip;
mod ipam;
mod list;
mod network_inspect;
mod network_spec;
mod network_summary;
mod prune;
mod remove;
mod service;

pub use connect::Connect;
pub use create::Create;
pub use disconnect::Disconnect;
pub use endpoint::{EndpointIpamConfig, EndpointSettings};
pub use endpoint_resource::EndpointResource;
pub use inspect::Inspect;
pub(crate) use ip::{parse_extra_host, parse_ip};
pub use ipam::{Ipam, IpamConfig, IpamStatus, SubnetStatus};
pub use list::{List, NetworkType};
pub use network_inspect::{NetworkInspect, NetworkStatus};
pub use network_spec::NetworkSpec;
pub use network_summary::{ConfigReference, NetworkScope, NetworkSummary, PeerInfo};
pub use prune::{Prune, PruneReport};
pub use remove::Remove;
pub use service::{NetworkTaskInfo, ServiceInfo};

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the engine's networks, which creates, lists and prunes them. This performs no I/O.
    #[must_use]
    pub fn networks(&self) -> Networks {
        Networks { client: self.client().clone() }
    }

    /// Returns a handle to one network, given by ID or name. This performs no I/O. The first call fails if it does not
    /// exist.
    #[must_use]
    pub fn network(&self, name_or_id: impl Into<String>) -> Network {
        Network { client: self.client().clone(), id: name_or_id.into(), warnings: Vec::new() }
    }
}

/// A handle to the networks of an engine; see [`Docker::networks`].
#[derive(Clone, Debug)]
pub struct Networks {
    client: Arc<Client>,
}

/// A handle to one network of an engine, whether it exists or not. Cheap to clone. See [`Docker::network`].
#[derive(Clone, Debug)]
pub struct Network {
    client: Arc<Client>,
    id: String,
    warnings: Vec<String>,
}

impl Network {
    /// Returns the network's ID if [`Networks::create`] returned this handle. Otherwise returns the ID or name that the
    /// handle was made from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the engine's warnings on creation. Empty unless [`Networks::create`] returned this handle.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Begins a request about this network.
    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
