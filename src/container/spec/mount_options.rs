//! What can be said of each kind of mount.

use crate::Map;
use crate::wire::{is_default, null_to_empty_in_list, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What can be said of a bind mount.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BindOptions {
    /// How mounts beneath it are passed on; `rprivate` if not set.
    #[serde(skip_serializing_if = "is_default")]
    pub propagation: Propagation,
    /// Whether mounts beneath it are left out.
    #[serde(skip_serializing_if = "is_default")]
    pub non_recursive: bool,
    /// Whether a directory is made on the host if there is none. Since API 1.42.
    #[serde(skip_serializing_if = "is_default")]
    pub create_mountpoint: bool,
    /// Whether mounts beneath a read-only one stay writable. Since API 1.44.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only_non_recursive: bool,
    /// Whether it is an error if mounts beneath a read-only one stay writable. Since API 1.44.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only_force_recursive: bool,
}

open_enum! {
    /// How mounts beneath a bind mount are passed on, between the host and the container.
    pub enum Propagation {
        /// Not at all.
        Private = "private",
        /// Not at all, nor of mounts beneath it.
        RPrivate = "rprivate",
        /// Both ways.
        Shared = "shared",
        /// Both ways, of mounts beneath it too.
        RShared = "rshared",
        /// From the host to the container.
        Slave = "slave",
        /// From the host to the container, of mounts beneath it too.
        RSlave = "rslave",
    }
}

/// What can be said of a volume, if the mount makes it, and of how it is mounted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeOptions {
    /// Whether a new volume stays empty, and does not get what the image has at the path.
    #[serde(skip_serializing_if = "is_default")]
    pub no_copy: bool,
    /// Labels of a new volume.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The driver of a new volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_config: Option<VolumeDriver>,
    /// Which directory of the volume is mounted; all of it if empty. Since API 1.45.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subpath: String,
}

/// The driver of a volume.
///
/// Options may be secrets (`o=username=…,password=…`), so `Debug` shows their names alone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeDriver {
    /// The driver; `local` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its options, such as `type`, `device` and `o`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
}

impl fmt::Debug for VolumeDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.options.keys().collect();
        f.debug_struct("VolumeDriver").field("name", &self.name).field("options", &options).finish()
    }
}

/// What can be said of an image that is mounted. Since API 1.48.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ImageOptions {
    /// Which directory of the image is mounted; all of it if empty. Since API 1.48.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subpath: String,
}

/// What can be said of a tmpfs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TmpfsOptions {
    /// Bytes that it may hold; without a limit if 0.
    #[serde(skip_serializing_if = "is_default")]
    pub size_bytes: i64,
    /// Its permissions, such as `0o1777`.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: u32,
    /// Options of the mount: `["noexec"]` or `["uid", "1000"]`. Since API 1.46.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty_in_list")]
    pub options: Vec<Vec<String>>,
}
