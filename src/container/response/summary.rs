//! [`ContainerSummary`]: a container in a list.

use super::{ContainerStatus, HealthSummary, MountPoint};
use crate::container::Protocol;
use crate::network::EndpointSettings;
use crate::wire::{empty_is_none, null_to_default, null_to_empty, seconds};
use crate::{Map, OciDescriptor, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A container in a list, from [`Containers::list`](crate::container::Containers::list).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerSummary {
    /// The container's ID.
    pub id: String,
    /// The container's names, with a `/` in front. Includes the names that links gave it, such as `/web/db`. See
    /// [`name`](Self::name).
    #[serde(deserialize_with = "null_to_empty")]
    pub names: Vec<String>,
    /// The image that the container was created from, by name or ID.
    pub image: String,
    /// The image's ID.
    #[serde(rename = "ImageID")]
    pub image_id: String,
    /// The manifest of the image that the container was created from. Since API 1.48.
    pub image_manifest_descriptor: Option<Box<OciDescriptor>>,
    /// The command.
    pub command: String,
    /// The time when the container was created, in whole seconds.
    #[serde(with = "seconds")]
    pub created: Option<Timestamp>,
    /// The exposed and published ports.
    #[serde(deserialize_with = "null_to_empty")]
    pub ports: Vec<PortSummary>,
    /// The size in bytes of the files that the container added or changed. `None` unless sizes were requested, or if
    /// there are no such files.
    pub size_rw: Option<i64>,
    /// The size in bytes of all files of the container; `None` unless sizes were requested.
    pub size_root_fs: Option<i64>,
    /// The labels.
    pub labels: Map<String>,
    /// The state in one word.
    pub state: ContainerStatus,
    /// The state as text for people, such as `Up 5 minutes (healthy)`.
    pub status: String,
    /// The configuration that depends on the host.
    #[serde(deserialize_with = "null_to_default")]
    pub host_config: SummaryHostConfig,
    /// The networks.
    #[serde(deserialize_with = "null_to_default")]
    pub network_settings: SummaryNetworkSettings,
    /// The mounts.
    #[serde(deserialize_with = "null_to_empty")]
    pub mounts: Vec<MountPoint>,
    /// The health. Since API 1.52.
    pub health: Option<HealthSummary>,
}

impl ContainerSummary {
    /// Returns the container's name, without the `/` in front. Empty if the engine names none.
    #[must_use]
    pub fn name(&self) -> &str {
        let names = || self.names.iter().map(|name| name.strip_prefix('/').unwrap_or(name));
        // A name with a slash in it is that of a link.
        names().find(|name| !name.contains('/')).or_else(|| names().next()).unwrap_or_default()
    }
}

/// The host configuration of a container in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SummaryHostConfig {
    /// The network that the container was created with, or `host`, `none` or `container:<id>`.
    pub network_mode: String,
    /// Annotations for the runtime. Since API 1.46.
    pub annotations: Map<String>,
}

/// The networks of a container in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SummaryNetworkSettings {
    /// The networks that the container is attached to, by name.
    pub networks: Map<EndpointSettings>,
}

/// A port of a container in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PortSummary {
    /// The host address; `None` if the port is not published.
    #[serde(rename = "IP", with = "empty_is_none")]
    pub ip: Option<String>,
    /// The port in the container.
    pub private_port: u16,
    /// The host port; `None` if the port is not published.
    pub public_port: Option<u16>,
    /// The protocol.
    #[serde(rename = "Type")]
    pub protocol: Protocol,
}

impl fmt::Display for PortSummary {
    /// Writes the port as `docker ps` does: `0.0.0.0:8080->80/tcp`, or `80/tcp` if it is not published.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = format!("{}/{}", self.private_port, self.protocol);
        f.pad(&match (self.public_port, self.ip.as_deref()) {
            (None, _) => port,
            (Some(public), None) => format!("{public}->{port}"),
            (Some(public), Some(ip)) if ip.contains(':') => format!("[{ip}]:{public}->{port}"),
            (Some(public), Some(ip)) => format!("{ip}:{public}->{port}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ContainerSummary, PortSummary};
    use crate::container::Protocol;

    #[test]
    fn a_port_is_written_as_docker_ps_writes_it() {
        for (ip, public_port, text) in [
            (None, None, "80/udp"),
            (Some("127.0.0.1"), Some(8080), "127.0.0.1:8080->80/udp"),
            (Some("::"), Some(8080), "[::]:8080->80/udp"),
            (None, Some(8080), "8080->80/udp"),
        ] {
            let ip = ip.map(str::to_owned);
            let port = PortSummary { ip, private_port: 80, public_port, protocol: Protocol::Udp };
            assert_eq!(port.to_string(), text);
        }
    }

    #[test]
    fn the_name_is_that_of_no_link() {
        for (names, name) in [(&["/web/db", "/web"][..], "web"), (&["web"], "web"), (&["/web/db"], "web/db"), (&[], "")]
        {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(ContainerSummary { names, ..ContainerSummary::default() }.name(), name);
        }
    }
}
