//! [`NetworkSpec`]: the configuration of a new network.

use super::{ConfigReference, Ipam, IpamConfig, NetworkScope};
use crate::wire::{Map, is_default};
use serde::{Deserialize, Serialize};

/// The configuration of a new network.
///
/// ```
/// use longshore::network::{IpamConfig, NetworkSpec};
///
/// let spec = NetworkSpec::new("back")
///     .internal(true)
///     .subnet(IpamConfig::new("172.20.0.0/16").gateway("172.20.0.1"))
///     .label("app", "web");
/// assert_eq!(spec.name, "back");
/// ```
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct NetworkSpec {
    /// The name. Required.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The driver. Defaults to `bridge` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// The scope. Defaults to that of the driver.
    #[serde(skip_serializing_if = "is_default")]
    pub scope: NetworkScope,
    /// Whether the network is isolated from external networks.
    #[serde(skip_serializing_if = "is_default")]
    pub internal: bool,
    /// Whether standalone containers can join the network, in addition to the tasks of the swarm.
    #[serde(skip_serializing_if = "is_default")]
    pub attachable: bool,
    /// Whether the network provides the swarm's routing mesh.
    #[serde(skip_serializing_if = "is_default")]
    pub ingress: bool,
    /// Whether the network only holds configuration for other networks.
    #[serde(skip_serializing_if = "is_default")]
    pub config_only: bool,
    /// The network that the configuration is copied from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_from: Option<ConfigReference>,
    /// The IP address management.
    #[serde(rename = "IPAM", skip_serializing_if = "Option::is_none")]
    pub ipam: Option<Ipam>,
    /// Whether IPv4 is enabled. Defaults to the engine's choice. Requires API 1.48 or later.
    #[serde(rename = "EnableIPv4", skip_serializing_if = "Option::is_none")]
    pub enable_ipv4: Option<bool>,
    /// Whether IPv6 is enabled. Defaults to the engine's choice.
    #[serde(rename = "EnableIPv6", skip_serializing_if = "Option::is_none")]
    pub enable_ipv6: Option<bool>,
    /// The driver options.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
    /// The labels.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
}

impl NetworkSpec {
    /// Creates a specification from the network's name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets the driver: `bridge`, `overlay`, `macvlan`, `ipvlan`, or that of a plugin. Defaults to `bridge`.
    pub fn driver(mut self, driver: impl Into<String>) -> Self {
        self.driver = driver.into();
        self
    }

    /// Sets the scope. Defaults to that of the driver.
    pub fn scope(mut self, scope: impl Into<NetworkScope>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Isolates the network from external networks. Defaults to `false`.
    pub fn internal(mut self, internal: bool) -> Self {
        self.internal = internal;
        self
    }

    /// Allows standalone containers to join the network, in addition to the tasks of the swarm. Defaults to `false`.
    pub fn attachable(mut self, attachable: bool) -> Self {
        self.attachable = attachable;
        self
    }

    /// Makes the network provide the swarm's routing mesh. Defaults to `false`.
    pub fn ingress(mut self, ingress: bool) -> Self {
        self.ingress = ingress;
        self
    }

    /// Makes the network hold configuration for other networks only. Defaults to `false`.
    pub fn config_only(mut self, config_only: bool) -> Self {
        self.config_only = config_only;
        self
    }

    /// Copies the configuration of a config-only network, given by name, not by ID.
    pub fn config_from(mut self, network: impl Into<String>) -> Self {
        self.config_from = Some(ConfigReference { network: Some(network.into()) });
        self
    }

    /// Adds a subnet, given as `"172.20.0.0/16"` or as an [`IpamConfig`]. Defaults to one subnet chosen by the engine.
    pub fn subnet(mut self, subnet: impl Into<IpamConfig>) -> Self {
        self.ipam.get_or_insert_default().config.push(subnet.into());
        self
    }

    /// Sets the IP address management, including the subnets.
    pub fn ipam(mut self, ipam: Ipam) -> Self {
        self.ipam = Some(ipam);
        self
    }

    /// Enables or disables IPv4. Defaults to the engine's choice. Requires API 1.48 or later.
    pub fn enable_ipv4(mut self, enable: bool) -> Self {
        self.enable_ipv4 = Some(enable);
        self
    }

    /// Enables or disables IPv6. Defaults to the engine's choice.
    pub fn enable_ipv6(mut self, enable: bool) -> Self {
        self.enable_ipv6 = Some(enable);
        self
    }

    /// Sets a driver option, such as `com.docker.network.driver.mtu`.
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.insert(key, value.into());
        self
    }

    /// Sets a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key, value.into());
        self
    }

    /// Sets labels.
    pub fn labels<K: Into<String>, V: Into<String>>(self, labels: impl IntoIterator<Item = (K, V)>) -> Self {
        labels.into_iter().fold(self, |spec, (key, value)| spec.label(key, value))
    }

    /// Rejects names and subnets that no engine accepts.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.name.trim().is_empty() {
            return Err(format!("invalid network name {:?}: names must not be empty", self.name));
        }
        if self.name.chars().any(char::is_control) {
            return Err(format!("invalid network name {:?}: names must not contain a control character", self.name));
        }
        self.ipam.iter().flat_map(|ipam| &ipam.config).try_for_each(IpamConfig::check)
    }
}

impl From<&str> for NetworkSpec {
    /// Creates a specification from the network's name.
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<&NetworkSpec> for NetworkSpec {
    fn from(spec: &NetworkSpec) -> Self {
        spec.clone()
    }
}

impl From<String> for NetworkSpec {
    /// Creates a specification from the network's name.
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::NetworkSpec;

    #[test]
    fn sends_what_was_set() {
        assert_eq!(serde_json::to_string(&NetworkSpec::default()).expect("JSON"), "{}");
        let spec = NetworkSpec::new("back")
            .driver("bridge")
            .internal(true)
            .subnet("172.20.0.0/16")
            .enable_ipv4(false)
            .option("mtu", "1400")
            .labels([("a", "b")])
            .config_from("base")
            .scope("local");
        let expected = serde_json::json!({
            "Name": "back", "Driver": "bridge", "Scope": "local", "Internal": true, "ConfigFrom": {"Network": "base"},
            "IPAM": {"Config": [{"Subnet": "172.20.0.0/16"}]}, "EnableIPv4": false, "Options": {"mtu": "1400"},
            "Labels": {"a": "b"},
        });
        assert_eq!(serde_json::to_value(&spec).expect("JSON"), expected);
        assert_eq!(spec.check(), Ok(()));
    }

    #[test]
    fn refuses_what_no_engine_takes() {
        for name in ["", "  ", "a\nb", "a\0"] {
            assert!(NetworkSpec::new(name).check().is_err(), "{name:?}");
        }
        assert!(NetworkSpec::new("back").subnet("172.20.0.0").check().is_err());
    }
}
