//! [`MountPoint`]: a mount of a container.

use crate::container::MountType;
use crate::wire::empty_is_none;
use serde::{Deserialize, Serialize};

/// A mount of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MountPoint {
    /// The type of the mount.
    #[serde(rename = "Type")]
    pub kind: MountType,
    /// The volume's name; `None` for other types.
    #[serde(with = "empty_is_none")]
    pub name: Option<String>,
    /// The path on the engine's host; `None` for a tmpfs.
    #[serde(with = "empty_is_none")]
    pub source: Option<String>,
    /// The path in the container.
    pub destination: String,
    /// The volume's driver; `None` for other types.
    #[serde(with = "empty_is_none")]
    pub driver: Option<String>,
    /// The options that were given with the mount, such as `z`.
    pub mode: String,
    /// Whether the mount is writable.
    #[serde(rename = "RW")]
    pub rw: bool,
    /// The propagation of mounts beneath a bind mount, such as `rprivate`. Empty for other types.
    pub propagation: String,
}
