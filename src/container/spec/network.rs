//! The networks of a [`ContainerSpec`].

use super::ContainerSpec;
use crate::Map;
use crate::network::{EndpointSettings, parse_extra_host, parse_ip};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::net::IpAddr;

/// The networks that a new container is attached to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkingConfig {
    /// The endpoint settings by the network's name. More than one network requires API 1.44 or later.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub endpoints_config: Map<EndpointSettings>,
}

impl ContainerSpec {
    /// Attaches the container to a network: a network's name, `bridge`, `host`, `none` or `container:<name or id>`.
    ///
    /// Call it again to attach to further networks. This requires API 1.44 or later.
    pub fn network(self, name: impl Into<String>) -> Self {
        self.attach(name.into(), None)
    }

    /// Attaches the container to a network as [`network`](Self::network) does, with endpoint settings such as addresses
    /// and aliases.
    ///
    /// Aliases that were added before stay. Other settings of an earlier call for the same network are replaced.
    pub fn network_with(self, name: impl Into<String>, mut endpoint: EndpointSettings) -> Self {
        let name = name.into();
        let before = self.networking_config.endpoints_config.get(&name).map_or(&[][..], |before| &before.aliases);
        let added: Vec<_> = before.iter().filter(|alias| !endpoint.aliases.contains(alias)).cloned().collect();
        endpoint.aliases.extend(added);
        self.attach(name, Some(endpoint))
    }

    /// Adds an alias on a network, by which its other containers reach this one. Attaches to the network as
    /// [`network`](Self::network) does.
    pub fn network_alias(self, name: impl Into<String>, alias: impl Into<String>) -> Self {
        let name = name.into();
        let endpoint = self.networking_config.endpoints_config.get(&name).cloned().unwrap_or_default();
        self.attach(name, Some(endpoint.alias(alias)))
    }

    /// Adds a line to `/etc/hosts`: a name, and an address or its text. The address `host-gateway` stands for the host's
    /// own.
    pub fn extra_host(self, name: impl Display, address: impl Display) -> Self {
        self.set(parse_extra_host(name, address), |spec, (name, address)| {
            spec.host_config.extra_hosts.push(format!("{name}:{address}"));
        })
    }

    /// Adds a DNS server: an address, or its text. Defaults to the engine's choice.
    pub fn dns(self, server: impl Display) -> Self {
        self.set(parse_ip::<IpAddr>(server), |spec, server| spec.host_config.dns.push(server.to_string()))
    }

    /// Adds a DNS search domain, or with `.` removes those of the host. Defaults to the host's.
    pub fn dns_search(mut self, domain: impl Into<String>) -> Self {
        self.host_config.dns_search.push(domain.into());
        self
    }

    /// Adds an option of `resolv.conf`, such as `ndots:2`. Defaults to the host's.
    pub fn dns_option(mut self, option: impl Into<String>) -> Self {
        self.host_config.dns_options.push(option.into());
        self
    }

    /// Sets the first network as the network mode. From the second network on, the API needs an endpoint for each.
    fn attach(mut self, name: String, endpoint: Option<EndpointSettings>) -> Self {
        let endpoints = &mut self.networking_config.endpoints_config;
        let mode = &mut self.host_config.network_mode;
        if mode.is_empty() {
            mode.clone_from(&name);
        } else if *mode != name {
            endpoints.entry(mode.clone()).or_default();
            endpoints.entry(name.clone()).or_default();
        }
        if let Some(endpoint) = endpoint {
            endpoints.insert(name, endpoint);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{ContainerSpec, EndpointSettings};

    #[test]
    fn one_network_is_the_mode_and_two_are_endpoints() {
        let one = ContainerSpec::new("nginx").network("host");
        assert_eq!(one.host_config.network_mode, "host");
        assert!(one.networking_config.endpoints_config.is_empty());
        let two = ContainerSpec::new("nginx").network("back").network("front").network("back");
        assert_eq!(two.host_config.network_mode, "back");
        assert_eq!(two.networking_config.endpoints_config.keys().collect::<Vec<_>>(), ["back", "front"]);
    }

    #[test]
    fn an_alias_and_settings_can_be_set_in_any_order() {
        let new = || ContainerSpec::new("nginx");
        let settings = || EndpointSettings::new().ipv4("10.0.0.9").alias("db");
        let last = new().network_with("back", settings()).network_alias("back", "web");
        assert_eq!(new().network_alias("back", "web").network_with("back", settings()), last);
        assert_eq!(last.clone().network_with("back", settings()), last);
        assert_eq!(last.networking_config.endpoints_config["back"].aliases, ["db", "web"]);
    }
}
