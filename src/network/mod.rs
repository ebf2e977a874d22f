//! Networks: the plural handle makes, lists and prunes them, a singular one inspects, connects, disconnects and removes one.

mod connect;
mod create;
mod disconnect;
mod endpoint;
mod endpoint_resource;
mod inspect;
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
pub use ipam::{Ipam, IpamConfig, IpamStatus, SubnetStatus};
pub use list::{List, NetworkType};
pub use network_inspect::{NetworkInspect, NetworkStatus};
pub use network_spec::NetworkSpec;
pub use network_summary::{ConfigReference, NetworkScope, NetworkSummary, PeerInfo};
pub use prune::{NetworksPruned, Prune};
pub use remove::Remove;
pub use service::{NetworkTaskInfo, ServiceInfo};

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// The networks of the engine.
    #[must_use]
    pub fn networks(&self) -> Networks {
        Networks { client: self.client().clone() }
    }

    /// One network, by its name or id. No I/O.
    pub fn network(&self, name_or_id: impl Into<String>) -> Network {
        Network { client: self.client().clone(), id: name_or_id.into(), warning: String::new() }
    }
}

/// The networks of an engine; see [`Docker::networks`].
#[derive(Clone, Debug)]
pub struct Networks {
    client: Arc<Client>,
}

/// One network of an engine, whether it is there or not; see [`Docker::network`].
#[derive(Clone, Debug)]
pub struct Network {
    client: Arc<Client>,
    id: String,
    warning: String,
}

impl Network {
    /// Its id, if it was made by [`Networks::create`]; else what it was asked for by, which may be its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the engine warned of when it made the network.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        Some(self.warning.as_str()).filter(|warning| !warning.is_empty())
    }

    /// Begins a request about this network; `operation` is the last part of the path, if there is one.
    fn request(&self, method: Method, operation: Option<&str>) -> Request {
        let path: Vec<_> = ["networks", &self.id].into_iter().chain(operation).collect();
        self.client.request(method, &path)
    }
}
