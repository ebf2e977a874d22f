//! [`NetworkSettings`]: a container's networks, addresses and published ports.

use crate::Map;
use crate::container::{Port, PortBinding, PortMap};
use crate::network::EndpointSettings;
use crate::wire;

/// A container's networks, addresses and published ports.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NetworkSettings {
    /// The id of the network namespace.
    pub sandbox_id: String,
    /// The path of the network namespace.
    pub sandbox_key: String,
    /// What each port of the container is published as, by `port/protocol`; an empty list: exposed, not published.
    pub ports: PortMap,
    /// The networks that it takes part in, by name.
    pub networks: Map<EndpointSettings>,
    /// The bridge's name. Until API 1.51.
    pub bridge: String,
    /// Whether it reaches its own published ports. Until API 1.51.
    pub hairpin_mode: bool,
    /// The link-local IPv6 address. Until API 1.51.
    pub link_local_ipv6_address: String,
    /// How many of its bits name the network. Until API 1.51.
    pub link_local_ipv6_prefix_len: i64,
    /// Further IPv4 addresses. Until API 1.51.
    pub secondary_ip_addresses: Vec<Address>,
    /// Further IPv6 addresses. Until API 1.51.
    pub secondary_ipv6_addresses: Vec<Address>,
    /// The endpoint's id in the default network: see `networks`. Until API 1.51.
    pub endpoint_id: String,
    /// The IPv4 gateway of the default network: see `networks`. Until API 1.51.
    pub gateway: String,
    /// The IPv6 address in the default network: see `networks`. Until API 1.51.
    pub global_ipv6_address: String,
    /// How many of its bits name the network. Until API 1.51.
    pub global_ipv6_prefix_len: i64,
    /// The IPv4 address in the default network: see `networks`. Until API 1.51.
    pub ip_address: String,
    /// How many of its bits name the network. Until API 1.51.
    pub ip_prefix_len: i64,
    /// The IPv6 gateway of the default network: see `networks`. Until API 1.51.
    pub ipv6_gateway: String,
    /// The MAC address in the default network: see `networks`. Until API 1.51.
    pub mac_address: String,
}

wire::object! {
    NetworkSettings {
        "SandboxID" => sandbox_id,
        "SandboxKey" => sandbox_key,
        "Ports" => ports,
        "Networks" => networks,
        "Bridge" => bridge,
        "HairpinMode" => hairpin_mode,
        "LinkLocalIPv6Address" => link_local_ipv6_address,
        "LinkLocalIPv6PrefixLen" => link_local_ipv6_prefix_len,
        "SecondaryIPAddresses" => secondary_ip_addresses,
        "SecondaryIPv6Addresses" => secondary_ipv6_addresses,
        "EndpointID" => endpoint_id,
        "Gateway" => gateway,
        "GlobalIPv6Address" => global_ipv6_address,
        "GlobalIPv6PrefixLen" => global_ipv6_prefix_len,
        "IPAddress" => ip_address,
        "IPPrefixLen" => ip_prefix_len,
        "IPv6Gateway" => ipv6_gateway,
        "MacAddress" => mac_address,
    }
}

impl NetworkSettings {
    /// What a port of the container is published as: none, or one for each of the host's addresses.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use longshore::container::NetworkSettings;
    ///
    /// let json = r#"{"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "49153"}], "443/tcp": null}}"#;
    /// let network: NetworkSettings = serde_json::from_str(json)?;
    /// assert_eq!(network.published(80).first().and_then(|binding| binding.port()), Some(49153));
    /// assert!(network.published(443).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn published(&self, port: impl Into<Port>) -> &[PortBinding] {
        self.ports.get(&port.into().to_string()).map_or(&[], Vec::as_slice)
    }
}

/// An address and how many of its bits name the network. Until API 1.51.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Address {
    /// The address.
    pub addr: String,
    /// How many of its bits name the network.
    pub prefix_len: i64,
}

wire::object! {
    Address {
        "Addr" => addr,
        "PrefixLen" => prefix_len,
    }
}
