//! The services of a swarm that are on a network.

use crate::wire::{self, Map};

/// A service that is on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Its virtual address.
    pub vip: String,
    /// Its ports.
    pub ports: Vec<String>,
    /// Its number in the load balancer of this node.
    pub local_lb_index: i64,
    /// Its tasks.
    pub tasks: Vec<NetworkTaskInfo>,
}

wire::object! {
    ServiceInfo {
        "VIP" => vip,
        "Ports" => ports,
        "LocalLBIndex" => local_lb_index,
        "Tasks" => tasks,
    }
}

/// A task of a service that is on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkTaskInfo {
    /// Its name.
    pub name: String,
    /// The id of its endpoint.
    pub endpoint_id: String,
    /// The address of its endpoint.
    pub endpoint_ip: String,
    /// What the driver says of it, such as `Host IP`.
    pub info: Map<String>,
}

wire::object! {
    NetworkTaskInfo {
        "Name" => name,
        "EndpointID" => endpoint_id,
        "EndpointIP" => endpoint_ip,
        "Info" => info,
    }
}
