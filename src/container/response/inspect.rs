//! [`ContainerInspect`]: the details of a container.

use super::{ContainerState, DriverData, MountPoint, NetworkSettings, Storage};
use crate::container::{ContainerConfig, HostConfig};
use crate::wire::{empty_is_none, go_time, null_to_default, null_to_empty};
use crate::{OciDescriptor, Timestamp};
use serde::{Deserialize, Serialize};

/// The details of a container, from [`Container::inspect`](crate::container::Container::inspect).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerInspect {
    /// The container's ID.
    pub id: String,
    /// The time when the container was created.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// The program that the container runs.
    pub path: String,
    /// The program's arguments.
    #[serde(deserialize_with = "null_to_empty")]
    pub args: Vec<String>,
    /// The state: whether the container is running, since when, and how it ended.
    #[serde(deserialize_with = "null_to_default")]
    pub state: ContainerState,
    /// The ID of the image. `config.image` has the name that the container was created with.
    pub image: String,
    /// The path on the host of the container's `/etc/resolv.conf`.
    pub resolv_conf_path: String,
    /// The path on the host of the container's `/etc/hostname`.
    pub hostname_path: String,
    /// The path on the host of the container's `/etc/hosts`.
    pub hosts_path: String,
    /// The path on the host of the container's log; `None` if its log driver has none.
    #[serde(with = "empty_is_none")]
    pub log_path: Option<String>,
    /// The container's name, with a `/` in front. See [`plain_name`](Self::plain_name).
    pub name: String,
    /// How many times the restart policy has restarted the container.
    pub restart_count: i64,
    /// The storage driver, or the snapshotter.
    pub driver: String,
    /// The operating system, such as `linux`.
    pub platform: String,
    /// The manifest of the image that the container was created from. Since API 1.48.
    pub image_manifest_descriptor: Option<OciDescriptor>,
    /// The `SELinux` label of the container's files.
    pub mount_label: String,
    /// The `SELinux` label of the container's processes.
    pub process_label: String,
    /// The `AppArmor` profile.
    pub app_armor_profile: String,
    /// The IDs of the execs that are running in the container.
    #[serde(rename = "ExecIDs", deserialize_with = "null_to_empty")]
    pub exec_ids: Vec<String>,
    /// The configuration that depends on the host: ports, mounts, limits, privileges.
    #[serde(deserialize_with = "null_to_default")]
    pub host_config: HostConfig,
    /// The storage driver's data; `None` with the containerd image store, from API 1.52 on.
    pub graph_driver: Option<DriverData>,
    /// The containerd image store's data. Since API 1.52.
    pub storage: Option<Storage>,
    /// The size in bytes of the files that the container added or changed; `None` unless sizes were requested.
    pub size_rw: Option<i64>,
    /// The size in bytes of all files of the container; `None` unless sizes were requested.
    pub size_root_fs: Option<i64>,
    /// The mounts.
    #[serde(deserialize_with = "null_to_empty")]
    pub mounts: Vec<MountPoint>,
    /// The configuration that does not depend on the host: command, environment, labels.
    #[serde(deserialize_with = "null_to_default")]
    pub config: ContainerConfig,
    /// The networks, addresses and published ports.
    #[serde(deserialize_with = "null_to_default")]
    pub network_settings: NetworkSettings,
}

impl ContainerInspect {
    /// Returns the container's name, without the `/` in front.
    ///
    /// ```
    /// # fn main() -> Result<(), serde_json::Error> {
    /// use longshore::container::ContainerInspect;
    ///
    /// let web: ContainerInspect = serde_json::from_str(r#"{"Name": "/web"}"#)?;
    /// assert_eq!(web.plain_name(), "web");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn plain_name(&self) -> &str {
        self.name.strip_prefix('/').unwrap_or(&self.name)
    }
}
