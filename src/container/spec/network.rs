//! The networks of a [`ContainerSpec`].

use super::ContainerSpec;
use crate::Map;
use crate::network::EndpointSettings;
use serde::{Deserialize, Serialize};

/// The networks that a new container takes part in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkingConfig {
    /// How it takes part in each, by the network's name. Several need API 1.44.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub endpoints_config: Map<EndpointSettings>,
}

impl ContainerSpec {
    /// The network that it takes part in: a name, `bridge`, `host`, `none` or `container:<name or id>`.
    ///
    /// A container of API 1.44 and newer can take part in several: call it again.
    pub fn network(self, name: impl Into<String>) -> Self {
        self.attach(name.into(), None)
    }

    /// The same as [`network`](Self::network), with addresses, aliases and what else there is.
    pub fn network_with(self, name: impl Into<String>, endpoint: EndpointSettings) -> Self {
        self.attach(name.into(), Some(endpoint))
    }

    /// The same as [`network`](Self::network), with one more name by which the network's other containers reach this one.
    pub fn network_alias(self, name: impl Into<String>, alias: impl Into<String>) -> Self {
        let name = name.into();
        let endpoint = self.networking_config.endpoints_config.get(&name).cloned().unwrap_or_default();
        self.attach(name, Some(endpoint.alias(alias)))
    }

    /// The first network becomes the mode; from the second on, each has to have an endpoint.
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
    use super::ContainerSpec;

    #[test]
    fn one_network_is_the_mode_and_two_are_endpoints() {
        let one = ContainerSpec::new("nginx").network("host");
        assert_eq!(one.host_config.network_mode, "host");
        assert!(one.networking_config.endpoints_config.is_empty());
        let two = ContainerSpec::new("nginx").network("back").network("front").network("back");
        assert_eq!(two.host_config.network_mode, "back");
        assert_eq!(two.networking_config.endpoints_config.keys().collect::<Vec<_>>(), ["back", "front"]);
    }
}
