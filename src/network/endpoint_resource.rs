//! The containers on a network, as the network has them.

use crate::wire::empty_is_none;
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
    #[serde(with = "empty_is_none")]
    pub mac_address: Option<String>,
    /// Its address there with the length of the subnet's prefix, such as `172.19.0.2/16`; `None` if it has none.
    #[serde(rename = "IPv4Address", with = "empty_is_none")]
    pub ipv4_address: Option<String>,
    /// Its IPv6 address there, likewise.
    #[serde(rename = "IPv6Address", with = "empty_is_none")]
    pub ipv6_address: Option<String>,
}
