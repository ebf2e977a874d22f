//! The options of each type of mount.

use crate::Map;
use crate::wire::{is_default, null_to_empty_in_list, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Options of a bind mount.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BindOptions {
    /// The propagation of mounts beneath it. Defaults to `rprivate`.
    #[serde(skip_serializing_if = "is_default")]
    pub propagation: Propagation,
    /// Whether mounts beneath the source are left out.
    #[serde(skip_serializing_if = "is_default")]
    pub non_recursive: bool,
    /// Whether the engine creates a missing source directory on the host. Requires API 1.42 or later.
    #[serde(skip_serializing_if = "is_default")]
    pub create_mountpoint: bool,
    /// Whether mounts beneath a read-only mount stay writable. Requires API 1.44 or later.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only_non_recursive: bool,
    /// Whether creation fails if mounts beneath a read-only mount cannot be made read-only too. Requires API 1.44 or
    /// later.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only_force_recursive: bool,
}

open_enum! {
    /// The propagation between host and container of mounts beneath a bind mount.
    pub enum Propagation {
        /// No propagation.
        Private = "private",
        /// No propagation, also for the mounts beneath it.
        RPrivate = "rprivate",
        /// Propagation in both directions.
        Shared = "shared",
        /// Propagation in both directions, also for the mounts beneath it.
        RShared = "rshared",
        /// Propagation from the host to the container.
        Slave = "slave",
        /// Propagation from the host to the container, also for the mounts beneath it.
        RSlave = "rslave",
    }
}

/// Options of a volume mount, and of the volume if the mount creates it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeOptions {
    /// Whether a new volume stays empty, instead of getting a copy of the image's files at the path.
    #[serde(skip_serializing_if = "is_default")]
    pub no_copy: bool,
    /// Labels of a new volume.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The driver of a new volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_config: Option<VolumeDriver>,
    /// The directory of the volume to mount. Empty for all of it. Requires API 1.45 or later.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subpath: String,
}

/// The driver of a volume.
///
/// Options may be secrets (`o=username=…,password=…`), so `Debug` shows only their names.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeDriver {
    /// The driver's name. Empty for `local`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The driver's options, such as `type`, `device` and `o`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
}

impl fmt::Debug for VolumeDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.options.keys().collect();
        f.debug_struct("VolumeDriver").field("name", &self.name).field("options", &options).finish()
    }
}

/// Options of an image mount. Requires API 1.48 or later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ImageOptions {
    /// The directory of the image to mount. Empty for all of it. Requires API 1.48 or later.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subpath: String,
}

/// Options of a tmpfs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TmpfsOptions {
    /// The size limit in bytes; 0 for half of the host's memory.
    #[serde(skip_serializing_if = "is_default")]
    pub size_bytes: i64,
    /// The permissions; 0 for `0o1777`.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: u32,
    /// Mount options, such as `["noexec"]` or `["uid", "1000"]`. Requires API 1.46 or later.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty_in_list")]
    pub options: Vec<Vec<String>>,
}
