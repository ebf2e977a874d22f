//! [`ContainerInspect`]: all that the engine knows of a container.

use super::{ContainerState, DriverData, MountPoint, NetworkSettings, Storage};
use crate::container::{ContainerConfig, HostConfig};
use crate::wire::{empty_is_none, go_time, null_to_default, null_to_empty};
use crate::{OciDescriptor, Timestamp};
use serde::{Deserialize, Serialize};

/// All that the engine knows of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerInspect {
    /// The container's id.
    pub id: String,
    /// When it was made.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// The program that it runs.
    pub path: String,
    /// The program's arguments.
    #[serde(deserialize_with = "null_to_empty")]
    pub args: Vec<String>,
    /// Whether it runs, since when, how it ended.
    #[serde(deserialize_with = "null_to_default")]
    pub state: ContainerState,
    /// The id of its image; the name that it was made from is in `config.image`.
    pub image: String,
    /// The host's file behind `/etc/resolv.conf`.
    pub resolv_conf_path: String,
    /// The host's file behind `/etc/hostname`.
    pub hostname_path: String,
    /// The host's file behind `/etc/hosts`.
    pub hosts_path: String,
    /// The host's file with its log; `None` if its log driver keeps none.
    #[serde(with = "empty_is_none")]
    pub log_path: Option<String>,
    /// Its name, with a `/` in front.
    pub name: String,
    /// How often its restart policy started it again.
    pub restart_count: i64,
    /// The storage driver or the snapshotter.
    pub driver: String,
    /// The operating system, such as `linux`.
    pub platform: String,
    /// Which of its image's manifests it was made from. Since API 1.48.
    pub image_manifest_descriptor: Option<OciDescriptor>,
    /// The `SELinux` label of its files.
    pub mount_label: String,
    /// The `SELinux` label of its processes.
    pub process_label: String,
    /// The `AppArmor` profile.
    pub app_armor_profile: String,
    /// The ids of the execs that run in it.
    #[serde(rename = "ExecIDs", deserialize_with = "null_to_empty")]
    pub exec_ids: Vec<String>,
    /// How it is tied to its host.
    #[serde(deserialize_with = "null_to_default")]
    pub host_config: HostConfig,
    /// Where its files are kept; `None` with the containerd image store, from API 1.52.
    pub graph_driver: Option<DriverData>,
    /// Where its files are kept by the containerd image store. Since API 1.52.
    pub storage: Option<Storage>,
    /// Bytes of the files that it made or changed; `None` unless the size was asked for.
    pub size_rw: Option<i64>,
    /// Bytes of all its files; `None` unless the size was asked for.
    pub size_root_fs: Option<i64>,
    /// What is mounted in it.
    #[serde(deserialize_with = "null_to_empty")]
    pub mounts: Vec<MountPoint>,
    /// What it runs and how.
    #[serde(deserialize_with = "null_to_default")]
    pub config: ContainerConfig,
    /// Its networks, addresses and published ports.
    #[serde(deserialize_with = "null_to_default")]
    pub network_settings: NetworkSettings,
}
