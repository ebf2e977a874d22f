//! The response of `GET /networks/{id}`.

use super::{ConfigReference, EndpointResource, Ipam, IpamStatus, NetworkScope, PeerInfo, ServiceInfo};
use crate::wire::{Map, Timestamp, go_time, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// A network, in full.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkInspect {
    /// The network's name.
    pub name: String,
    /// The network's ID.
    pub id: String,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// The network's scope: the engine, or the swarm.
    pub scope: NetworkScope,
    /// The driver, such as `bridge` or `overlay`.
    pub driver: String,
    /// Whether IPv4 is enabled. Since API 1.47; `false` before.
    #[serde(rename = "EnableIPv4")]
    pub enable_ipv4: bool,
    /// Whether IPv6 is enabled.
    #[serde(rename = "EnableIPv6")]
    pub enable_ipv6: bool,
    /// The IP address management.
    #[serde(rename = "IPAM", deserialize_with = "null_to_default")]
    pub ipam: Ipam,
    /// Whether the network is isolated from external networks.
    pub internal: bool,
    /// Whether standalone containers can join the network, in addition to the tasks of the swarm.
    pub attachable: bool,
    /// Whether the network provides the swarm's routing mesh.
    pub ingress: bool,
    /// The network that the configuration is copied from.
    #[serde(deserialize_with = "null_to_default")]
    pub config_from: ConfigReference,
    /// Whether the network only holds configuration for other networks.
    pub config_only: bool,
    /// The driver options that the network was created with.
    pub options: Map<String>,
    /// The labels.
    pub labels: Map<String>,
    /// The nodes of an overlay network.
    #[serde(deserialize_with = "null_to_empty")]
    pub peers: Vec<PeerInfo>,
    /// The running containers on the network, by ID. For a swarm's network, those on this node.
    pub containers: Map<EndpointResource>,
    /// The services on a swarm's network, by name. Filled if requested by
    /// [`Inspect::verbose`](super::Inspect::verbose).
    pub services: Map<ServiceInfo>,
    /// The state of the network, with its address usage. Since API 1.52.
    pub status: Option<NetworkStatus>,
}

/// The state of a network. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkStatus {
    /// The address usage.
    #[serde(rename = "IPAM", deserialize_with = "null_to_default")]
    pub ipam: IpamStatus,
}

#[cfg(test)]
mod tests {
    use super::NetworkInspect;
    use crate::network::NetworkSummary;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn keeps_what_an_engine_says() {
        let mut answer = json!({
            "Name": "my_network", "Id": "7d86", "Created": "2026-10-19T04:33:30.360899459Z", "Scope": "swarm",
            "Driver": "overlay", "EnableIPv4": true, "EnableIPv6": false, "Internal": true, "Attachable": true,
            "Ingress": false, "ConfigFrom": {"Network": "base"}, "ConfigOnly": false,
            "IPAM": {"Driver": "default", "Options": {"foo": "bar"}, "Config": [{
                "Subnet": "172.20.0.0/16", "IPRange": "172.20.10.0/24", "Gateway": "172.20.10.11",
                "AuxiliaryAddresses": {"router": "172.20.0.9"},
            }]},
            "Options": {"com.docker.network.driver.mtu": "1500"}, "Labels": {"a": "b"},
            "Peers": [{"Name": "6869d7c1732b", "IP": "10.133.77.91"}], "Containers": {},
        });
        let summary: NetworkSummary = from_value(answer.clone()).expect("a network");
        assert_eq!(to_value(&summary).expect("JSON"), answer);
        let more = json!({
            "Containers": {"19a4": {
                "Name": "test", "EndpointID": "628c", "MacAddress": "02:42:ac:13:00:02",
                "IPv4Address": "172.19.0.2/16", "IPv6Address": "",
            }},
            "Services": {"web": {"VIP": "10.0.0.2", "Ports": ["80"], "LocalLBIndex": 256, "Tasks": [{
                "Name": "web.1", "EndpointID": "e", "EndpointIP": "10.0.0.3", "Info": {"Host IP": "10.133.77.91"},
            }]}},
            "Status": {"IPAM": {"Subnets": {"172.20.0.0/16": {
                "IPsInUse": 4, "DynamicIPsAvailable": 18_446_744_073_709_551_615_u64,
            }}}},
        });
        answer.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let network: NetworkInspect = from_value(answer.clone()).expect("a network");
        assert_eq!(to_value(&network).expect("JSON"), answer);
    }

    #[test]
    fn bears_nulls_and_a_network_that_was_never_made() {
        let answer = r#"{"Name":"none","Id":"e086","Created":"0001-01-01T00:00:00Z",
            "IPAM":{"Driver":"default","Options":null,"Config":null},"ConfigFrom":null,
            "Containers":null,"Options":null,"Labels":null,"Peers":null,"Status":null}"#;
        let network: NetworkInspect = serde_json::from_str(answer).expect("a network");
        assert_eq!(network.created, None);
        let network: NetworkInspect = serde_json::from_str(r#"{"IPAM":null}"#).expect("a network");
        assert!(network.ipam.config.is_empty());
    }
}
