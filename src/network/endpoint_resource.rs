//! [`EndpointResource`]: a container as listed by its network.

use crate::wire::empty_is_none;
use serde::{Deserialize, Serialize};

/// A container connected to a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EndpointResource {
    /// The container's name.
    pub name: String,
    /// The endpoint's ID.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// The container's MAC address on the network.
    #[serde(with = "empty_is_none")]
    pub mac_address: Option<String>,
    /// The IPv4 address with its prefix length, such as `172.19.0.2/16`; `None` if there is none.
    #[serde(rename = "IPv4Address", with = "empty_is_none")]
    pub ipv4_address: Option<String>,
    /// The IPv6 address with its prefix length; `None` if there is none.
    #[serde(rename = "IPv6Address", with = "empty_is_none")]
    pub ipv6_address: Option<String>,
}
