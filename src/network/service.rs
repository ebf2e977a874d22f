//! The services of a swarm that are on a network.

use crate::wire::{Map, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// A service that is on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Its virtual address.
    #[serde(rename = "VIP")]
    pub vip: String,
    /// Its ports.
    #[serde(deserialize_with = "null_to_empty")]
    pub ports: Vec<String>,
    /// Its number in the load balancer of this node.
    #[serde(rename = "LocalLBIndex", deserialize_with = "null_to_default")]
    pub local_lb_index: i64,
    /// Its tasks.
    #[serde(deserialize_with = "null_to_empty")]
    pub tasks: Vec<NetworkTaskInfo>,
}

/// A task of a service that is on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkTaskInfo {
    /// Its name.
    pub name: String,
    /// The id of its endpoint.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// The address of its endpoint.
    #[serde(rename = "EndpointIP")]
    pub endpoint_ip: String,
    /// What the driver says of it, such as `Host IP`.
    pub info: Map<String>,
}
