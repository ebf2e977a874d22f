//! [`MountPoint`]: what is mounted in a container.

use crate::container::MountType;
use crate::wire::empty_is_none;
use serde::{Deserialize, Serialize};

/// What is mounted in a container, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MountPoint {
    /// What is mounted.
    #[serde(rename = "Type")]
    pub kind: MountType,
    /// The volume's name; `None` for other kinds.
    #[serde(with = "empty_is_none")]
    pub name: Option<String>,
    /// Where it is on the engine's host; `None` for a tmpfs.
    #[serde(with = "empty_is_none")]
    pub source: Option<String>,
    /// Where it is in the container.
    pub destination: String,
    /// The volume's driver; `None` for other kinds.
    #[serde(with = "empty_is_none")]
    pub driver: Option<String>,
    /// Options that were given with it, such as `z`.
    pub mode: String,
    /// Whether it can be written to.
    #[serde(rename = "RW")]
    pub rw: bool,
    /// How mounts beneath it are passed on, such as `rprivate`; bind mounts have it.
    pub propagation: String,
}
