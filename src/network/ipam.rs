//! IP address management (IPAM) of networks.

use crate::wire::{Map, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// IP address management of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Ipam {
    /// The IPAM driver. Defaults to `default` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// The subnets. The engine chooses one if the list is empty.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub config: Vec<IpamConfig>,
    /// The options of the IPAM driver.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
}

/// A subnet of a network.
///
/// ```
/// use longshore::network::IpamConfig;
///
/// let subnet = IpamConfig::new("172.20.0.0/16").gateway("172.20.0.1").ip_range("172.20.10.0/24");
/// assert_eq!(subnet.gateway, "172.20.0.1");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct IpamConfig {
    /// The subnet in CIDR notation, such as `172.20.0.0/16`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet: String,
    /// The range within the subnet that container addresses come from, in CIDR notation. Defaults to the whole subnet
    /// if empty.
    #[serde(rename = "IPRange", skip_serializing_if = "String::is_empty")]
    pub ip_range: String,
    /// The gateway's address. The engine chooses one if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gateway: String,
    /// Addresses in use by other devices, by name. The driver does not assign them to containers.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub auxiliary_addresses: Map<String>,
}

impl IpamConfig {
    /// Creates a subnet from CIDR notation, such as `172.20.0.0/16`.
    pub fn new(subnet: impl Into<String>) -> Self {
        Self { subnet: subnet.into(), ..Self::default() }
    }

    /// Sets the range within the subnet that container addresses come from, in CIDR notation. Defaults to the whole
    /// subnet.
    pub fn ip_range(mut self, range: impl Into<String>) -> Self {
        self.ip_range = range.into();
        self
    }

    /// Sets the gateway's address. Defaults to an address chosen by the engine.
    pub fn gateway(mut self, address: impl Into<String>) -> Self {
        self.gateway = address.into();
        self
    }

    /// Reserves an address for a device that is not a container, such as a router.
    pub fn auxiliary_address(mut self, name: impl Into<String>, address: impl Into<String>) -> Self {
        self.auxiliary_addresses.insert(name, address.into());
        self
    }

    /// Rejects invalid CIDR notation and invalid addresses.
    pub(super) fn check(&self) -> Result<(), String> {
        for (what, range) in [("subnet", &self.subnet), ("range of addresses", &self.ip_range)] {
            if !range.is_empty() && !is_cidr(range) {
                return Err(format!("the {what} {range:?} is not in CIDR notation, such as 172.20.0.0/16"));
            }
        }
        let auxiliary = self.auxiliary_addresses.iter().map(|(_, address)| ("auxiliary address", address));
        for (what, address) in [("gateway", &self.gateway)].into_iter().filter(|(_, a)| !a.is_empty()).chain(auxiliary)
        {
            if address.parse::<IpAddr>().is_err() {
                return Err(format!("the {what} {address:?} is not an address, such as 172.20.0.1"));
            }
        }
        Ok(())
    }
}

impl From<&str> for IpamConfig {
    /// Creates a subnet from CIDR notation.
    fn from(subnet: &str) -> Self {
        Self::new(subnet)
    }
}

impl From<String> for IpamConfig {
    /// Creates a subnet from CIDR notation.
    fn from(subnet: String) -> Self {
        Self::new(subnet)
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.bytes().all(|byte| byte.is_ascii_digit()) && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

/// Address usage of a network. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct IpamStatus {
    /// The usage of each subnet, by its CIDR notation.
    pub subnets: Map<SubnetStatus>,
}

/// Address usage of a subnet. Since API 1.52.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SubnetStatus {
    /// The number of addresses in use or reserved. [`u64::MAX`] also stands for any larger number.
    #[serde(rename = "IPsInUse", deserialize_with = "null_to_default")]
    pub ips_in_use: u64,
    /// The number of addresses available for assignment. [`u64::MAX`] also stands for any larger number.
    #[serde(rename = "DynamicIPsAvailable", deserialize_with = "null_to_default")]
    pub dynamic_ips_available: u64,
}

#[cfg(test)]
mod tests {
    use super::IpamConfig;

    #[test]
    fn takes_subnets_and_addresses() {
        let subnet = IpamConfig::new("172.20.0.0/16").ip_range("172.20.10.0/24").gateway("172.20.0.1");
        assert_eq!(subnet.auxiliary_address("router", "172.20.0.2").check(), Ok(()));
        assert_eq!(IpamConfig::new("2001:db8::/64").gateway("2001:db8::1").check(), Ok(()));
        assert_eq!(IpamConfig::default().check(), Ok(()));
    }

    #[test]
    fn says_what_is_wrong() {
        for subnet in
            ["172.20.0.0", "172.20.0.0/33", "172.20.0/16", "2001:db8::/129", "10.0.0.0/+8", "10.0.0.0/", "x/8"]
        {
            assert!(IpamConfig::new(subnet).check().expect_err(subnet).contains("the subnet"), "{subnet}");
        }
        assert!(IpamConfig::new("10.0.0.0/8").ip_range("10.0.0.1").check().expect_err("range").contains("range"));
        assert!(IpamConfig::default().gateway("10.0.0.0/8").check().expect_err("gateway").contains("gateway"));
        assert!(IpamConfig::default().auxiliary_address("x", "").check().expect_err("empty").contains("auxiliary"));
    }
}
