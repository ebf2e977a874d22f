//! [`DriverData`] and [`Storage`]: where an engine keeps the files of a container or an image.

use crate::Map;
use serde::{Deserialize, Serialize};

/// The storage driver's data on a container or an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DriverData {
    /// The driver's name, such as `overlay2`.
    pub name: String,
    /// The driver's properties, such as `MergedDir`.
    pub data: Map<String>,
}

/// The containerd image store's data on a container or an image. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Storage {
    /// The root filesystem.
    #[serde(rename = "RootFS")]
    pub root_fs: Option<RootFsStorage>,
}

/// The location of a root filesystem. Since API 1.52.
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
    /// The snapshot's name. The container's `driver` names the snapshotter.
    pub name: String,
}
