//! Where an engine keeps the files of a container or an image: [`DriverData`] and [`Storage`].

use crate::Map;
use crate::wire;

/// What a storage driver says of a container or an image.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DriverData {
    /// The driver's name, such as `overlay2`.
    pub name: String,
    /// What the driver notes, such as `MergedDir`.
    pub data: Map<String>,
}

wire::object! {
    DriverData {
        "Name" => name,
        "Data" => data,
    }
}

/// Where the containerd image store keeps the files. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Storage {
    /// The root filesystem.
    pub root_fs: Option<RootFsStorage>,
}

wire::object! {
    Storage {
        "RootFS" => root_fs,
    }
}

/// Where a root filesystem is kept. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RootFsStorage {
    /// The snapshot that holds it.
    pub snapshot: Option<Snapshot>,
}

wire::object! {
    RootFsStorage {
        "Snapshot" => snapshot,
    }
}

/// A snapshot of the containerd image store. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The snapshot's name; the snapshotter itself is in the container's `driver`.
    pub name: String,
}

wire::object! {
    Snapshot {
        "Name" => name,
    }
}
