//! [`ContainerSummary`]: a container in a list.

use super::{ContainerStatus, HealthSummary, MountPoint};
use crate::container::Protocol;
use crate::network::EndpointSettings;
use crate::wire::{empty_is_none, null_to_default, null_to_empty, seconds};
use crate::{Map, OciDescriptor, Timestamp};
use serde::{Deserialize, Serialize};

/// A container in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerSummary {
    /// The container's id.
    pub id: String,
    /// Its names, with a `/` in front; those that links gave it too, such as `/web/db`.
    #[serde(deserialize_with = "null_to_empty")]
    pub names: Vec<String>,
    /// The image that it was made from, by name or id.
    pub image: String,
    /// The image's id.
    #[serde(rename = "ImageID")]
    pub image_id: String,
    /// Which of its image's manifests it was made from. Since API 1.48.
    pub image_manifest_descriptor: Option<Box<OciDescriptor>>,
    /// What it runs.
    pub command: String,
    /// When it was made, to the second.
    #[serde(with = "seconds")]
    pub created: Option<Timestamp>,
    /// Its exposed and published ports.
    #[serde(deserialize_with = "null_to_empty")]
    pub ports: Vec<PortSummary>,
    /// Bytes of the files that it made or changed; `None` unless sizes were asked for, and if it made none.
    pub size_rw: Option<i64>,
    /// Bytes of all its files; `None` unless sizes were asked for.
    pub size_root_fs: Option<i64>,
    /// Its labels.
    pub labels: Map<String>,
    /// The state in one word.
    pub state: ContainerStatus,
    /// The state for human eyes, such as `Up 5 minutes (healthy)`.
    pub status: String,
    /// How it is tied to its host.
    #[serde(deserialize_with = "null_to_default")]
    pub host_config: SummaryHostConfig,
    /// Its networks.
    #[serde(deserialize_with = "null_to_default")]
    pub network_settings: SummaryNetworkSettings,
    /// What is mounted in it.
    #[serde(deserialize_with = "null_to_empty")]
    pub mounts: Vec<MountPoint>,
    /// Whether it is healthy. Since API 1.52.
    pub health: Option<HealthSummary>,
}

/// How a container in a list is tied to its host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SummaryHostConfig {
    /// The network that it was made with, `host`, `none` or `container:<id>`.
    pub network_mode: String,
    /// What its maker noted for the runtime. Since API 1.46.
    pub annotations: Map<String>,
}

/// The networks of a container in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SummaryNetworkSettings {
    /// The networks that it takes part in, by name.
    pub networks: Map<EndpointSettings>,
}

/// A port of a container in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PortSummary {
    /// The host's address; `None` if the port is not published.
    #[serde(rename = "IP", with = "empty_is_none")]
    pub ip: Option<String>,
    /// The port in the container.
    pub private_port: u16,
    /// The port of the host; `None` if the port is not published.
    pub public_port: Option<u16>,
    /// The protocol.
    #[serde(rename = "Type")]
    pub protocol: Protocol,
}
