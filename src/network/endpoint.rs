//! [`EndpointSettings`]: how a container takes part in a network.

use crate::Map;
use crate::wire::{empty_is_none, is_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, Ipv6Addr};

/// How a container takes part in a network: what is asked for, and what the engine made of it.
///
/// ```
/// use longshore::network::EndpointSettings;
/// use std::net::Ipv4Addr;
///
/// let endpoint = EndpointSettings::new().alias("db").ipv4(Ipv4Addr::new(172, 20, 0, 9));
/// assert_eq!(endpoint.aliases, ["db"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct EndpointSettings {
    /// The addresses that were asked for.
    #[serde(rename = "IPAMConfig", skip_serializing_if = "Option::is_none")]
    pub ipam_config: Option<EndpointIpamConfig>,
    /// Other containers to be reached by name, as `container` or `container:alias`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub links: Vec<String>,
    /// The MAC address, such as `02:42:ac:11:00:04`; `None` if there is none. It can be asked for since API 1.44.
    #[serde(skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub mac_address: Option<String>,
    /// Further names by which the network's other containers reach this one.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub aliases: Vec<String>,
    /// Options of the network's driver.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub driver_opts: Map<String>,
    /// Which network gives the default gateway: the one with the highest number. Since API 1.48.
    #[serde(skip_serializing_if = "is_default")]
    pub gw_priority: i64,
    /// The network's id, as the engine says it.
    #[serde(rename = "NetworkID", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub network_id: Option<String>,
    /// The endpoint's id, as the engine says it; `None` while the container does not run.
    #[serde(rename = "EndpointID", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub endpoint_id: Option<String>,
    /// The IPv4 gateway, as the engine says it.
    #[serde(skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub gateway: Option<String>,
    /// The IPv4 address, as the engine says it; `None` while the container does not run.
    #[serde(rename = "IPAddress", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub ip_address: Option<String>,
    /// How many bits of the IPv4 address name the network.
    #[serde(rename = "IPPrefixLen", skip_serializing_if = "is_default")]
    pub ip_prefix_len: i64,
    /// The IPv6 gateway, as the engine says it.
    #[serde(rename = "IPv6Gateway", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub ipv6_gateway: Option<String>,
    /// The IPv6 address, as the engine says it.
    #[serde(rename = "GlobalIPv6Address", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub global_ipv6_address: Option<String>,
    /// How many bits of the IPv6 address name the network.
    #[serde(rename = "GlobalIPv6PrefixLen", skip_serializing_if = "is_default")]
    pub global_ipv6_prefix_len: i64,
    /// Every name that the network's DNS has for the container, as the engine says it. Since API 1.44.
    #[serde(rename = "DNSNames", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub dns_names: Vec<String>,
}

/// The addresses of an endpoint that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointIpamConfig {
    /// The IPv4 address, such as `172.20.30.33`.
    #[serde(rename = "IPv4Address", skip_serializing_if = "String::is_empty")]
    pub ipv4_address: String,
    /// The IPv6 address, such as `2001:db8:abcd::3033`.
    #[serde(rename = "IPv6Address", skip_serializing_if = "String::is_empty")]
    pub ipv6_address: String,
    /// Link-local addresses.
    #[serde(rename = "LinkLocalIPs", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub link_local_ips: Vec<String>,
}

impl EndpointSettings {
    /// Settings that leave everything to the engine.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more name by which the network's other containers reach this one.
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// The IPv4 address; the network must have a subnet that was chosen by its maker.
    pub fn ipv4(mut self, address: Ipv4Addr) -> Self {
        self.ipam_config.get_or_insert_default().ipv4_address = address.to_string();
        self
    }

    /// The IPv6 address; the network must have a subnet that was chosen by its maker.
    pub fn ipv6(mut self, address: Ipv6Addr) -> Self {
        self.ipam_config.get_or_insert_default().ipv6_address = address.to_string();
        self
    }

    /// The MAC address, such as `02:42:ac:11:00:04`. Since API 1.44.
    pub fn mac_address(mut self, address: impl Into<String>) -> Self {
        self.mac_address = Some(address.into()).filter(|address| !address.is_empty());
        self
    }

    /// An option of the network's driver, such as `com.docker.network.endpoint.sysctls`.
    pub fn driver_opt(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.driver_opts.insert(key, value.into());
        self
    }

    /// Which network gives the default gateway: the one with the highest number; 0 if not set. Since API 1.48.
    pub fn gateway_priority(mut self, priority: i64) -> Self {
        self.gw_priority = priority;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::EndpointSettings;

    #[test]
    fn reads_the_odd_spellings() {
        let json = r#"{"IPAMConfig":{"IPv4Address":"172.20.0.9"},"Links":null,"Aliases":["db"],"MacAddress":"02:42:ac:14:00:09",
            "DriverOpts":null,"GwPriority":10,"NetworkID":"08","EndpointID":"b8","Gateway":"172.20.0.1","IPAddress":"172.20.0.9",
            "IPPrefixLen":16,"IPv6Gateway":"2001:db8:2::100","GlobalIPv6Address":"2001:db8::5689","GlobalIPv6PrefixLen":64,
            "DNSNames":["web","db"]}"#;
        let endpoint: EndpointSettings = serde_json::from_str(json).expect("endpoint");
        assert_eq!(endpoint.ipam_config.as_ref().map(|ipam| ipam.ipv4_address.as_str()), Some("172.20.0.9"));
        assert_eq!((endpoint.network_id.as_deref(), endpoint.endpoint_id.as_deref()), (Some("08"), Some("b8")));
        assert_eq!((endpoint.ip_address.as_deref(), endpoint.ip_prefix_len), (Some("172.20.0.9"), 16));
        assert_eq!(
            (endpoint.global_ipv6_address.as_deref(), endpoint.global_ipv6_prefix_len),
            (Some("2001:db8::5689"), 64)
        );
        assert_eq!((endpoint.gw_priority, endpoint.dns_names.len()), (10, 2));
        let again = serde_json::to_value(&endpoint).expect("json");
        assert_eq!(serde_json::from_value::<EndpointSettings>(again).expect("again"), endpoint);
    }

    #[test]
    fn sends_what_is_set_alone() {
        assert_eq!(serde_json::to_string(&EndpointSettings::new()).expect("json"), "{}");
        let endpoint = EndpointSettings::new().alias("db").ipv4([10, 0, 0, 9].into()).gateway_priority(1);
        let json = serde_json::to_string(&endpoint).expect("json");
        assert_eq!(json, r#"{"IPAMConfig":{"IPv4Address":"10.0.0.9"},"Aliases":["db"],"GwPriority":1}"#);
    }
}
