//! What `GET /networks` answers.

use super::{EndpointResource, Ipam};
use crate::wire::{self, Map, Timestamp, open_enum};

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
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NetworkSummary {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// How far it reaches.
    pub scope: NetworkScope,
    /// Its driver, such as `bridge` or `overlay`.
    pub driver: String,
    /// Whether it has IPv4. Since API 1.47; `false` before.
    pub enable_ipv4: bool,
    /// Whether it has IPv6.
    pub enable_ipv6: bool,
    /// Where its addresses come from.
    pub ipam: Ipam,
    /// Whether nothing outside of it can be reached from it.
    pub internal: bool,
    /// Whether containers can join it that are no tasks of the swarm.
    pub attachable: bool,
    /// Whether it is the swarm's routing mesh.
    pub ingress: bool,
    /// The network that its settings are copied from.
    pub config_from: ConfigReference,
    /// Whether it only holds settings for others.
    pub config_only: bool,
    /// What the driver was told when it was made.
    pub options: Map<String>,
    /// Its labels.
    pub labels: Map<String>,
    /// The nodes that it is on; overlay networks.
    pub peers: Vec<PeerInfo>,
    /// The containers that are on it: lists leave it empty. Until API 1.51.
    pub containers: Map<EndpointResource>,
}

wire::object! {
    NetworkSummary {
        "Name" => name,
        "Id" => id,
        "Created" => created,
        "Scope" => scope,
        "Driver" => driver,
        "EnableIPv4" => enable_ipv4,
        "EnableIPv6" => enable_ipv6,
        "IPAM" => ipam,
        "Internal" => internal,
        "Attachable" => attachable,
        "Ingress" => ingress,
        "ConfigFrom" => config_from,
        "ConfigOnly" => config_only,
        "Options" => options,
        "Labels" => labels,
        "Peers" => peers,
        "Containers" => containers,
    }
}

/// The network that the settings of another one are copied from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigReference {
    /// Its name; empty if there is none.
    pub network: String,
}

wire::object! {
    ConfigReference {
        "Network" => network,
    }
}

/// A node that an overlay network is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerInfo {
    /// Its id.
    pub name: String,
    /// Its address.
    pub ip: String,
}

wire::object! {
    PeerInfo {
        "Name" => name,
        "IP" => ip,
    }
}
