//! The services of a swarm on a network.

use crate::wire::{Map, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// A service on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceInfo {
    /// The virtual IP address.
    #[serde(rename = "VIP")]
    pub vip: String,
    /// The ports.
    #[serde(deserialize_with = "null_to_empty")]
    pub ports: Vec<String>,
    /// The index of the service in this node's load balancer.
    #[serde(rename = "LocalLBIndex", deserialize_with = "null_to_default")]
    pub local_lb_index: i64,
    /// The tasks.
    #[serde(deserialize_with = "null_to_empty")]
    pub tasks: Vec<NetworkTaskInfo>,
}

/// A task of a service on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkTaskInfo {
    /// The task's name.
    pub name: String,
    /// The endpoint's ID.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// The endpoint's IP address.
    #[serde(rename = "EndpointIP")]
    pub endpoint_ip: String,
    /// Details from the driver, such as `Host IP`.
    pub info: Map<String>,
}
