//! What `GET /networks` answers.

use super::{EndpointResource, Ipam};
use crate::wire::{Map, Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// How far a network reaches.
    pub enum NetworkScope {
        /// It is on this engine.
        Local = "local",
        /// It is on all engines that share a store.
        Global = "global",
        /// It is on the nodes of a swarm.
        Swarm = "swarm",
    }
}

/// A network, as the list has it.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkSummary {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// When it was made.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// How far it reaches.
    pub scope: NetworkScope,
    /// Its driver, such as `bridge` or `overlay`.
    pub driver: String,
    /// Whether it has IPv4. Since API 1.47; `false` before.
    #[serde(rename = "EnableIPv4")]
    pub enable_ipv4: bool,
    /// Whether it has IPv6.
    #[serde(rename = "EnableIPv6")]
    pub enable_ipv6: bool,
    /// Where its addresses come from.
    #[serde(rename = "IPAM", deserialize_with = "null_to_default")]
    pub ipam: Ipam,
    /// Whether nothing outside of it can be reached from it.
    pub internal: bool,
    /// Whether containers can join it that are no tasks of the swarm.
    pub attachable: bool,
    /// Whether it is the swarm's routing mesh.
    pub ingress: bool,
    /// The network that its settings are copied from.
    #[serde(deserialize_with = "null_to_default")]
    pub config_from: ConfigReference,
    /// Whether it only holds settings for others.
    pub config_only: bool,
    /// What the driver was told when it was made.
    pub options: Map<String>,
    /// Its labels.
    pub labels: Map<String>,
    /// The nodes that it is on; overlay networks.
    #[serde(deserialize_with = "null_to_empty")]
    pub peers: Vec<PeerInfo>,
    /// The containers that are on it: lists leave it empty. Until API 1.51.
    pub containers: Map<EndpointResource>,
}

/// The network that the settings of another one are copied from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ConfigReference {
    /// Its name; `None` if there is none.
    #[serde(with = "empty_is_none")]
    pub network: Option<String>,
}

/// A node that an overlay network is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PeerInfo {
    /// Its id.
    pub name: String,
    /// Its address.
    #[serde(rename = "IP")]
    pub ip: String,
}
