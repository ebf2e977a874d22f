//! [`MountPoint`]: what is mounted in a container.

use crate::container::MountType;
use crate::wire;

/// What is mounted in a container, and where.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MountPoint {
    /// What is mounted.
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
    pub rw: bool,
    /// How mounts beneath it are passed on, such as `rprivate`; bind mounts have it.
    pub propagation: String,
}

wire::object! {
    MountPoint {
        "Type" => kind,
        "Name" => name,
        "Source" => source,
        "Destination" => destination,
        "Driver" => driver,
        "Mode" => mode,
        "RW" => rw,
        "Propagation" => propagation,
    }
}
