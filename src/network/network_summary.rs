//! The response of `GET /networks`.

use super::{EndpointResource, Ipam};
use crate::wire::{Map, Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The scope of a network.
    pub enum NetworkScope {
        /// The network exists on this engine.
        Local = "local",
        /// The network exists on all engines that share a key-value store.
        Global = "global",
        /// The network exists on the nodes of a swarm.
        Swarm = "swarm",
    }
}

/// A network, as listed.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkSummary {
    /// The network's name.
    pub name: String,
    /// The network's ID.
    pub id: String,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// The network's scope: the engine, or the swarm.
    pub scope: NetworkScope,
    /// The driver, such as `bridge` or `overlay`.
    pub driver: String,
    /// Whether IPv4 is enabled. Since API 1.47; `false` before.
    #[serde(rename = "EnableIPv4")]
    pub enable_ipv4: bool,
    /// Whether IPv6 is enabled.
    #[serde(rename = "EnableIPv6")]
    pub enable_ipv6: bool,
    /// The IP address management.
    #[serde(rename = "IPAM", deserialize_with = "null_to_default")]
    pub ipam: Ipam,
    /// Whether the network is isolated from external networks.
    pub internal: bool,
    /// Whether standalone containers can join the network, in addition to the tasks of the swarm.
    pub attachable: bool,
    /// Whether the network provides the swarm's routing mesh.
    pub ingress: bool,
    /// The network that the configuration is copied from.
    #[serde(deserialize_with = "null_to_default")]
    pub config_from: ConfigReference,
    /// Whether the network only holds configuration for other networks.
    pub config_only: bool,
    /// The driver options that the network was created with.
    pub options: Map<String>,
    /// The labels.
    pub labels: Map<String>,
    /// The nodes of an overlay network.
    #[serde(deserialize_with = "null_to_empty")]
    pub peers: Vec<PeerInfo>,
    /// The containers on the network. Lists leave it empty. Until API 1.51.
    pub containers: Map<EndpointResource>,
}

/// A reference to the network that another network's configuration is copied from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ConfigReference {
    /// The network's name; `None` if there is none.
    #[serde(with = "empty_is_none")]
    pub network: Option<String>,
}

/// A node of an overlay network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PeerInfo {
    /// The node's ID.
    pub name: String,
    /// The node's address.
    #[serde(rename = "IP")]
    pub ip: String,
}
