//! Where an engine keeps the files of a container or an image: [`DriverData`] and [`Storage`].

use crate::Map;
use serde::{Deserialize, Serialize};

/// What a storage driver says of a container or an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DriverData {
    /// The driver's name, such as `overlay2`.
    pub name: String,
    /// What the driver notes, such as `MergedDir`.
    pub data: Map<String>,
}

/// Where the containerd image store keeps the files. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Storage {
    /// The root filesystem.
    #[serde(rename = "RootFS")]
    pub root_fs: Option<RootFsStorage>,
}

/// Where a root filesystem is kept. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RootFsStorage {
    /// The snapshot that holds it.
    pub snapshot: Option<Snapshot>,
}

/// A snapshot of the containerd image store. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Snapshot {
    /// The snapshot's name; the snapshotter itself is in the container's `driver`.
    pub name: String,
}
