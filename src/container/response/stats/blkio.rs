//! Block devices and disks.

use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// A container's I/O on block devices, one entry per device and operation. With cgroup v2, engines fill only the first
/// list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BlkioStats {
    /// Transferred bytes.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_service_bytes_recursive: Vec<BlkioEntry>,
    /// The number of completed requests.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_serviced_recursive: Vec<BlkioEntry>,
    /// The number of queued requests.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_queue_recursive: Vec<BlkioEntry>,
    /// The time that requests took, in nanoseconds.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_service_time_recursive: Vec<BlkioEntry>,
    /// The time that requests waited, in nanoseconds.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_wait_time_recursive: Vec<BlkioEntry>,
    /// The number of requests that were merged with others.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_merged_recursive: Vec<BlkioEntry>,
    /// The time that the container had the device for itself, in milliseconds.
    #[serde(deserialize_with = "null_to_empty")]
    pub io_time_recursive: Vec<BlkioEntry>,
    /// Transferred sectors.
    #[serde(deserialize_with = "null_to_empty")]
    pub sectors_recursive: Vec<BlkioEntry>,
}

/// A number for one block device and operation.
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
    /// The operation. With cgroup v2 `read` or `write`; with cgroup v1 `Read`, `Write`, `Sync`, `Async` or `Total`.
    pub op: String,
    /// The number.
    #[serde(deserialize_with = "null_to_default")]
    pub value: u64,
}

/// A container's I/O on disks. Windows only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StorageStats {
    /// The number of reads.
    pub read_count_normalized: Option<u64>,
    /// The number of bytes read.
    pub read_size_bytes: Option<u64>,
    /// The number of writes.
    pub write_count_normalized: Option<u64>,
    /// The number of bytes written.
    pub write_size_bytes: Option<u64>,
}
