//! [`MountPoint`]: what is mounted in a container.

use crate::container::MountType;
use serde::{Deserialize, Serialize};

/// What is mounted in a container, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MountPoint {
    /// What is mounted.
    #[serde(rename = "Type")]
    pub kind: MountType,
    /// The volume's name; empty for other kinds.
    pub name: String,
    /// Where it is on the engine's host; empty for a tmpfs.
    pub source: String,
    /// Where it is in the container.
    pub destination: String,
    /// The volume's driver; empty for other kinds.
    pub driver: String,
    /// Options that were given with it, such as `z`.
    pub mode: String,
    /// Whether it can be written to.
    #[serde(rename = "RW")]
    pub rw: bool,
    /// How mounts beneath it are passed on, such as `rprivate`; bind mounts have it.
    pub propagation: String,
}
