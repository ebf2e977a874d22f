//! Block devices and disks.

use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// What a container read of and wrote to block devices. With cgroup v2 there is only the first of these lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BlkioStats {
    /// Bytes.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_service_bytes_recursive: Vec<BlkioEntry>,
    /// Requests.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_serviced_recursive: Vec<BlkioEntry>,
    /// Requests that wait.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_queue_recursive: Vec<BlkioEntry>,
    /// How long requests took, in nanoseconds.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_service_time_recursive: Vec<BlkioEntry>,
    /// How long requests waited, in nanoseconds.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_wait_time_recursive: Vec<BlkioEntry>,
    /// Requests that were merged with others.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_merged_recursive: Vec<BlkioEntry>,
    /// How long the device was its own, in milliseconds.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_time_recursive: Vec<BlkioEntry>,
    /// Sectors.
    #[serde(deserialize_with = "null_to_empty")]
    pub sectors_recursive: Vec<BlkioEntry>,
}

/// A number for a block device and an operation on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct BlkioEntry {
    /// The device's major number.
    #[serde(deserialize_with = "null_to_default")]
    pub major: u64,
    /// The device's minor number.
    #[serde(deserialize_with = "null_to_default")]
    pub minor: u64,
    /// What was done: `read`, `write`; `Read`, `Write`, `Sync`, `Async`, `Total` with cgroup v1.
    pub op: String,
    /// How much of it.
    #[serde(deserialize_with = "null_to_default")]
    pub value: u64,
}

/// What a container read of and wrote to disks. Windows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StorageStats {
    /// How often it read.
    pub read_count_normalized: Option<u64>,
    /// Bytes read.
    pub read_size_bytes: Option<u64>,
    /// How often it wrote.
    pub write_count_normalized: Option<u64>,
    /// Bytes written.
    pub write_size_bytes: Option<u64>,
}
