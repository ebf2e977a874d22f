//! [`NetworkSettings`]: a container's networks, addresses and published ports.

use crate::Map;
use crate::container::{Port, PortBinding, PortMap};
use crate::network::EndpointSettings;
use crate::wire::{null_to_empty, null_to_empty_in_map};
use serde::{Deserialize, Serialize};

/// A container's networks, addresses and published ports.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkSettings {
    /// The ID of the network namespace.
    #[serde(rename = "SandboxID")]
    pub sandbox_id: String,
    /// The path of the network namespace.
    pub sandbox_key: String,
    /// The host addresses and ports of each container port, by `port/protocol`. An empty list means that the port is
    /// exposed but not published.
    #[serde(deserialize_with = "null_to_empty_in_map")]
    pub ports: PortMap,
    /// The networks that the container is attached to, by name.
    pub networks: Map<EndpointSettings>,
    /// The bridge's name. Removed in API 1.52.
    pub bridge: String,
    /// Whether the container can reach its own published ports. Removed in API 1.52.
    pub hairpin_mode: bool,
    /// The link-local IPv6 address. Removed in API 1.52.
    #[serde(rename = "LinkLocalIPv6Address")]
    pub link_local_ipv6_address: String,
    /// The prefix length of the link-local IPv6 address. Removed in API 1.52.
    #[serde(rename = "LinkLocalIPv6PrefixLen")]
    pub link_local_ipv6_prefix_len: i64,
    /// Secondary IPv4 addresses. Removed in API 1.52.
    #[serde(rename = "SecondaryIPAddresses", deserialize_with = "null_to_empty")]
    pub secondary_ip_addresses: Vec<Address>,
    /// Secondary IPv6 addresses. Removed in API 1.52.
    #[serde(rename = "SecondaryIPv6Addresses", deserialize_with = "null_to_empty")]
    pub secondary_ipv6_addresses: Vec<Address>,
    /// The endpoint ID in the default network: see `networks`. Removed in API 1.52.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// The IPv4 gateway of the default network: see `networks`. Removed in API 1.52.
    pub gateway: String,
    /// The IPv6 address in the default network: see `networks`. Removed in API 1.52.
    #[serde(rename = "GlobalIPv6Address")]
    pub global_ipv6_address: String,
    /// The prefix length of the IPv6 address. Removed in API 1.52.
    #[serde(rename = "GlobalIPv6PrefixLen")]
    pub global_ipv6_prefix_len: i64,
    /// The IPv4 address in the default network: see `networks`. Removed in API 1.52.
    #[serde(rename = "IPAddress")]
    pub ip_address: String,
    /// The prefix length of the IPv4 address. Removed in API 1.52.
    #[serde(rename = "IPPrefixLen")]
    pub ip_prefix_len: i64,
    /// The IPv6 gateway of the default network: see `networks`. Removed in API 1.52.
    #[serde(rename = "IPv6Gateway")]
    pub ipv6_gateway: String,
    /// The MAC address in the default network: see `networks`. Removed in API 1.52.
    pub mac_address: String,
}

impl NetworkSettings {
    /// Returns the host addresses and ports that a container port, such as `80` or `"53/udp"`, is published on. Empty if
    /// it is not published, or if the text is not a port.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use longshore::container::NetworkSettings;
    ///
    /// let json = r#"{"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "49153"}], "443/tcp": null}}"#;
    /// let network: NetworkSettings = serde_json::from_str(json)?;
    /// assert_eq!(network.published(80).first().and_then(|binding| binding.port()), Some(49153));
    /// assert!(network.published("443/tcp").is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn published(&self, port: impl TryInto<Port>) -> &[PortBinding] {
        let port = port.try_into().ok().map(|port| port.to_string());
        port.and_then(|port| self.ports.get(&port)).map_or(&[], Vec::as_slice)
    }
}

/// An address with its prefix length. Removed in API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Address {
    /// The address.
    pub addr: String,
    /// The prefix length.
    pub prefix_len: i64,
}
