//! The containers on a network, as the network has them.

use serde::{Deserialize, Serialize};

/// A container on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EndpointResource {
    /// The container's name.
    pub name: String,
    /// The id of its endpoint.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// Its MAC address there.
    pub mac_address: String,
    /// Its address there with the length of the subnet's prefix, such as `172.19.0.2/16`; empty if it has none.
    #[serde(rename = "IPv4Address")]
    pub ipv4_address: String,
    /// Its IPv6 address there, likewise.
    #[serde(rename = "IPv6Address")]
    pub ipv6_address: String,
}
