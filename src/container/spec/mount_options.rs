//! What can be said of each kind of mount.

use crate::Map;
use crate::wire::{self, open_enum};
use std::fmt;

/// What can be said of a bind mount.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BindOptions {
    /// How mounts beneath it are passed on; `rprivate` if not set.
    pub propagation: Propagation,
    /// Whether mounts beneath it are left out.
    pub non_recursive: bool,
    /// Whether a directory is made on the host if there is none. Since API 1.42.
    pub create_mountpoint: bool,
    /// Whether mounts beneath a read-only one stay writable. Since API 1.44.
    pub read_only_non_recursive: bool,
    /// Whether it is an error if mounts beneath a read-only one stay writable. Since API 1.44.
    pub read_only_force_recursive: bool,
}

wire::object! {
    BindOptions {
        "Propagation" => propagation omit,
        "NonRecursive" => non_recursive omit,
        "CreateMountpoint" => create_mountpoint omit,
        "ReadOnlyNonRecursive" => read_only_non_recursive omit,
        "ReadOnlyForceRecursive" => read_only_force_recursive omit,
    }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeOptions {
    /// Whether a new volume stays empty, and does not get what the image has at the path.
    pub no_copy: bool,
    /// Labels of a new volume.
    pub labels: Map<String>,
    /// The driver of a new volume.
    pub driver_config: Option<VolumeDriver>,
    /// Which directory of the volume is mounted; all of it if empty. Since API 1.45.
    pub subpath: String,
}

wire::object! {
    VolumeOptions {
        "NoCopy" => no_copy omit,
        "Labels" => labels omit,
        "DriverConfig" => driver_config omit,
        "Subpath" => subpath omit,
    }
}

/// The driver of a volume.
///
/// Options may be secrets (`o=username=…,password=…`), so `Debug` shows their names alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct VolumeDriver {
    /// The driver; `local` if empty.
    pub name: String,
    /// Its options, such as `type`, `device` and `o`.
    pub options: Map<String>,
}

wire::object! {
    VolumeDriver {
        "Name" => name omit,
        "Options" => options omit,
    }
}

impl fmt::Debug for VolumeDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.options.keys().collect();
        f.debug_struct("VolumeDriver").field("name", &self.name).field("options", &options).finish()
    }
}

/// What can be said of an image that is mounted. Since API 1.48.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageOptions {
    /// Which directory of the image is mounted; all of it if empty. Since API 1.48.
    pub subpath: String,
}

wire::object! {
    ImageOptions {
        "Subpath" => subpath omit,
    }
}

/// What can be said of a tmpfs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TmpfsOptions {
    /// Bytes that it may hold; without a limit if 0.
    pub size_bytes: i64,
    /// Its permissions, such as `0o1777`.
    pub mode: u32,
    /// Options of the mount: `["noexec"]` or `["uid", "1000"]`. Since API 1.46.
    pub options: Vec<Vec<String>>,
}

wire::object! {
    TmpfsOptions {
        "SizeBytes" => size_bytes omit,
        "Mode" => mode omit,
        "Options" => options omit,
    }
}
