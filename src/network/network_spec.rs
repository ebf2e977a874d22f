//! [`NetworkSpec`]: what a new network is to be.

use super::{ConfigReference, Ipam, IpamConfig, NetworkScope};
use crate::wire::{Map, is_default};
use serde::{Deserialize, Serialize};

/// What a new network is to be.
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
    /// Its name; there must be one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its driver; `bridge` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// How far it reaches; as its driver does if not set.
    #[serde(skip_serializing_if = "is_default")]
    pub scope: NetworkScope,
    /// Whether nothing outside of it can be reached from it.
    #[serde(skip_serializing_if = "is_default")]
    pub internal: bool,
    /// Whether containers can join it that are no tasks of the swarm.
    #[serde(skip_serializing_if = "is_default")]
    pub attachable: bool,
    /// Whether it is the swarm's routing mesh.
    #[serde(skip_serializing_if = "is_default")]
    pub ingress: bool,
    /// Whether it only holds settings for others.
    #[serde(skip_serializing_if = "is_default")]
    pub config_only: bool,
    /// The network that its settings are copied from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_from: Option<ConfigReference>,
    /// Where its addresses come from.
    #[serde(rename = "IPAM", skip_serializing_if = "Option::is_none")]
    pub ipam: Option<Ipam>,
    /// Whether it has IPv4; the engine decides if not set. Since API 1.48.
    #[serde(rename = "EnableIPv4", skip_serializing_if = "Option::is_none")]
    pub enable_ipv4: Option<bool>,
    /// Whether it has IPv6; the engine decides if not set.
    #[serde(rename = "EnableIPv6", skip_serializing_if = "Option::is_none")]
    pub enable_ipv6: Option<bool>,
    /// What the driver is told.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
    /// Its labels.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
}

impl NetworkSpec {
    /// A network with a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets the driver: `bridge`, `overlay`, `macvlan`, `ipvlan`, or a plugin's; `bridge` if not set.
    pub fn driver(mut self, driver: impl Into<String>) -> Self {
        self.driver = driver.into();
        self
    }

    /// Sets how far it reaches; as its driver does if not set.
    pub fn scope(mut self, scope: impl Into<NetworkScope>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Cuts it off from everything outside; by default not.
    pub fn internal(mut self, internal: bool) -> Self {
        self.internal = internal;
        self
    }

    /// Lets containers join it that are no tasks of the swarm; by default not.
    pub fn attachable(mut self, attachable: bool) -> Self {
        self.attachable = attachable;
        self
    }

    /// Makes it the swarm's routing mesh; by default not.
    pub fn ingress(mut self, ingress: bool) -> Self {
        self.ingress = ingress;
        self
    }

    /// Makes it hold settings for others, and nothing else; by default not.
    pub fn config_only(mut self, config_only: bool) -> Self {
        self.config_only = config_only;
        self
    }

    /// Copies the settings of a network that only holds settings: its name, not its id.
    pub fn config_from(mut self, network: impl Into<String>) -> Self {
        self.config_from = Some(ConfigReference { network: Some(network.into()) });
        self
    }

    /// Adds a subnet: `"172.20.0.0/16"`, or an [`IpamConfig`] with more about it. The engine chooses one if none is set.
    pub fn subnet(mut self, subnet: impl Into<IpamConfig>) -> Self {
        self.ipam.get_or_insert_default().config.push(subnet.into());
        self
    }

    /// Sets where its addresses come from, with its subnets.
    pub fn ipam(mut self, ipam: Ipam) -> Self {
        self.ipam = Some(ipam);
        self
    }

    /// Gives it IPv4, or not; the engine decides if not set. Since API 1.48.
    pub fn enable_ipv4(mut self, enable: bool) -> Self {
        self.enable_ipv4 = Some(enable);
        self
    }

    /// Gives it IPv6, or not; the engine decides if not set.
    pub fn enable_ipv6(mut self, enable: bool) -> Self {
        self.enable_ipv6 = Some(enable);
        self
    }

    /// Sets an option of the driver, such as `com.docker.network.driver.mtu`.
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.insert(key, value.into());
        self
    }

    /// Sets a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key, value.into());
        self
    }

    /// Refuses what no engine takes.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.name.trim().is_empty() {
            return Err("a network must have a name".to_owned());
        }
        if self.name.chars().any(char::is_control) {
            return Err(format!("the network's name {:?} has a control character", self.name));
        }
        self.ipam.iter().flat_map(|ipam| &ipam.config).try_for_each(IpamConfig::check)
    }
}

impl From<&str> for NetworkSpec {
    /// A network with a name.
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
    /// A network with a name.
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
            .label("a", "b")
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
