//! [`EndpointSpec`]: the endpoint of a service.

use crate::task::PortConfig;
use crate::wire::{is_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The resolution of a service's name on its networks.
    pub enum ResolutionMode {
        /// One virtual IP address, with load balancing across the tasks.
        Vip = "vip",
        /// The addresses of the tasks, in DNS round-robin. Excludes ports published in ingress mode.
        DnsRoundRobin = "dnsrr",
    }
}

/// The endpoint of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointSpec {
    /// The resolution of the service's name. Defaults to a virtual IP address.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: ResolutionMode,
    /// The published ports.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ports: Vec<PortConfig>,
}
