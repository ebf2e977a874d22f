//! [`EndpointSettings`]: a container's connection to a network.

use super::parse_ip;
use crate::Map;
use crate::wire::{empty_is_none, is_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A container's connection to a network: the settings requested, and the values assigned by the engine.
///
/// ```
/// use longshore::network::EndpointSettings;
///
/// let endpoint = EndpointSettings::new().alias("db").ipv4("172.20.0.9"); // or an `Ipv4Addr`
/// assert_eq!(endpoint.aliases, ["db"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct EndpointSettings {
    /// The requested addresses.
    #[serde(rename = "IPAMConfig", skip_serializing_if = "Option::is_none")]
    pub ipam_config: Option<EndpointIpamConfig>,
    /// Links to other containers, as `container` or `container:alias`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub links: Vec<String>,
    /// The MAC address, such as `02:42:ac:11:00:04`; `None` if there is none. Requesting one requires API 1.44 or
    /// later.
    #[serde(skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub mac_address: Option<String>,
    /// Additional DNS names by which other containers on the network reach this one.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub aliases: Vec<String>,
    /// The options of the network driver.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub driver_opts: Map<String>,
    /// The gateway priority: the network with the highest value provides the default gateway. Requires API 1.48 or
    /// later.
    #[serde(skip_serializing_if = "is_default")]
    pub gw_priority: i64,
    /// The network's ID, as reported by the engine.
    #[serde(rename = "NetworkID", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub network_id: Option<String>,
    /// The endpoint's ID, as reported by the engine; `None` while the container is not running.
    #[serde(rename = "EndpointID", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub endpoint_id: Option<String>,
    /// The IPv4 gateway, as reported by the engine.
    #[serde(skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub gateway: Option<String>,
    /// The IPv4 address, as reported by the engine; `None` while the container is not running.
    #[serde(rename = "IPAddress", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub ip_address: Option<String>,
    /// The prefix length of the IPv4 address, in bits.
    #[serde(rename = "IPPrefixLen", skip_serializing_if = "is_default")]
    pub ip_prefix_len: i64,
    /// The IPv6 gateway, as reported by the engine.
    #[serde(rename = "IPv6Gateway", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub ipv6_gateway: Option<String>,
    /// The IPv6 address, as reported by the engine.
    #[serde(rename = "GlobalIPv6Address", skip_serializing_if = "Option::is_none", with = "empty_is_none")]
    pub global_ipv6_address: Option<String>,
    /// The prefix length of the IPv6 address, in bits.
    #[serde(rename = "GlobalIPv6PrefixLen", skip_serializing_if = "is_default")]
    pub global_ipv6_prefix_len: i64,
    /// All DNS names of the container on the network, as reported by the engine. Since API 1.44.
    #[serde(rename = "DNSNames", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub dns_names: Vec<String>,
    /// Errors of setters whose argument cannot be parsed, such as an address of `10.0.0`. The call fails with the first
    /// one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

/// The requested addresses of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointIpamConfig {
    /// The IPv4 address, such as `172.20.30.33`.
    #[serde(rename = "IPv4Address", skip_serializing_if = "String::is_empty")]
    pub ipv4_address: String,
    /// The IPv6 address, such as `2001:db8:abcd::3033`.
    #[serde(rename = "IPv6Address", skip_serializing_if = "String::is_empty")]
    pub ipv6_address: String,
    /// The link-local addresses.
    #[serde(rename = "LinkLocalIPs", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub link_local_ips: Vec<String>,
}

impl EndpointSettings {
    /// Returns settings that leave every choice to the engine.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a DNS alias by which other containers on the network reach this one.
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Adds a link: a name by which this container reaches another one, as `container:alias`. Use
    /// [`alias`](Self::alias) of the other container instead, if you can.
    pub fn link(mut self, link: impl Into<String>) -> Self {
        self.links.push(link.into());
        self
    }

    /// Sets the IPv4 address: an [`Ipv4Addr`], or its text. Requires a network with a user-configured subnet. Defaults to
    /// an address chosen by the engine.
    pub fn ipv4(self, address: impl Display) -> Self {
        self.set(parse_ip::<Ipv4Addr>(address), |ipam, address| ipam.ipv4_address = address.to_string())
    }

    /// Sets the IPv6 address: an [`Ipv6Addr`], or its text. Requires a network with a user-configured subnet. Defaults to
    /// an address chosen by the engine.
    pub fn ipv6(self, address: impl Display) -> Self {
        self.set(parse_ip::<Ipv6Addr>(address), |ipam, address| ipam.ipv6_address = address.to_string())
    }

    /// Adds a link-local address: an [`IpAddr`], or its text. Default: none.
    pub fn link_local_ip(self, address: impl Display) -> Self {
        self.set(parse_ip::<IpAddr>(address), |ipam, address| ipam.link_local_ips.push(address.to_string()))
    }

    /// Applies a parsed address, or records why parsing failed.
    fn set<A>(mut self, address: Result<A, String>, set: impl FnOnce(&mut EndpointIpamConfig, A)) -> Self {
        match address {
            Ok(address) => set(self.ipam_config.get_or_insert_default(), address),
            Err(why) => self.invalid.push(why),
        }
        self
    }

    /// Sets the MAC address, such as `02:42:ac:11:00:04`. Requires API 1.44 or later.
    pub fn mac_address(mut self, address: impl Into<String>) -> Self {
        self.mac_address = Some(address.into()).filter(|address| !address.is_empty());
        self
    }

    /// Sets an option of the network driver, such as `com.docker.network.endpoint.sysctls`.
    pub fn driver_opt(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.driver_opts.insert(key, value.into());
        self
    }

    /// Sets the gateway priority: the network with the highest value provides the default gateway. Defaults to 0.
    /// Requires API 1.48 or later.
    pub fn gateway_priority(mut self, priority: i64) -> Self {
        self.gw_priority = priority;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{EndpointSettings, Ipv6Addr};

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
        let endpoint = EndpointSettings::new().alias("db").ipv4("10.0.0.9").gateway_priority(1).link("cache:redis");
        let endpoint = endpoint.ipv6(Ipv6Addr::LOCALHOST).link_local_ip("169.254.0.9").driver_opt("a", "b");
        let json = serde_json::to_string(&endpoint).expect("json");
        let ipam = r#"{"IPv4Address":"10.0.0.9","IPv6Address":"::1","LinkLocalIPs":["169.254.0.9"]}"#;
        let rest = r#""Links":["cache:redis"],"Aliases":["db"],"DriverOpts":{"a":"b"},"GwPriority":1"#;
        assert_eq!(json, format!(r#"{{"IPAMConfig":{ipam},{rest}}}"#));
        let wrong = EndpointSettings::new().ipv4("::1").ipv6("x").link_local_ip("10.0.0");
        let expected = [
            r#"invalid address "::1": use an IPv4 address such as 172.20.0.9"#,
            r#"invalid address "x": use an IPv6 address such as 2001:db8::9"#,
            r#"invalid address "10.0.0": use an IP address such as 172.20.0.9 or 2001:db8::9"#,
        ];
        assert_eq!(wrong.invalid, expected);
    }
}
