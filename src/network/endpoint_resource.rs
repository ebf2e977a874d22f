//! The containers on a network, as the network has them.

use crate::wire;

/// A container on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointResource {
    /// The container's name.
    pub name: String,
    /// The id of its endpoint.
    pub endpoint_id: String,
    /// Its MAC address there.
    pub mac_address: String,
    /// Its address there with the length of the subnet's prefix, such as `172.19.0.2/16`; empty if it has none.
    pub ipv4_address: String,
    /// Its IPv6 address there, likewise.
    pub ipv6_address: String,
}

wire::object! {
    EndpointResource {
        "Name" => name,
        "EndpointID" => endpoint_id,
        "MacAddress" => mac_address,
        "IPv4Address" => ipv4_address,
        "IPv6Address" => ipv6_address,
    }
}
