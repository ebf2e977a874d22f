//! [`ContainerStats`]: the resource usage of a container.

use crate::wire::{Map, go_time, null_to_default};
use serde::{Deserialize, Serialize};
mod blkio;
mod cpu;
mod memory;
mod network;
mod summary;
mod usage;

pub use blkio::{BlkioEntry, BlkioStats, StorageStats};
pub use cpu::{CpuStats, CpuUsage, PidsStats, ThrottlingData};
pub use memory::MemoryStats;
pub use network::NetworkStats;
pub use summary::StatsSummary;

use crate::Timestamp;

/// The resource usage of a container at one time. For a stopped container, only its ID and name are set.
///
/// [`cpu_percent`](Self::cpu_percent), [`memory_usage`](Self::memory_usage) and
/// [`memory_percent`](Self::memory_percent) compute the numbers of `docker stats`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ContainerStats {
    /// The container's ID.
    pub id: Option<String>,
    /// The container's name, with a `/` in front.
    pub name: Option<String>,
    /// The container's operating system: `linux` or `windows`. Since API 1.52.
    pub os_type: Option<String>,
    /// The time of this reading; `None` if the container is not running.
    #[serde(deserialize_with = "go_time")]
    pub read: Option<Timestamp>,
    /// The time of the `precpu_stats` reading; `None` if there is none.
    #[serde(deserialize_with = "go_time")]
    pub preread: Option<Timestamp>,
    /// The CPU time.
    #[serde(deserialize_with = "null_to_default")]
    pub cpu_stats: CpuStats,
    /// The CPU time about a second earlier. All zeros in the first element of a stream, and with
    /// [`one_shot`](crate::container::Stats::one_shot).
    #[serde(deserialize_with = "null_to_default")]
    pub precpu_stats: CpuStats,
    /// The memory usage.
    #[serde(deserialize_with = "null_to_default")]
    pub memory_stats: MemoryStats,
    /// The traffic of each network interface, by its name. Empty if the container has no network of its own.
    pub networks: Map<NetworkStats>,
    /// The number of processes and threads. Linux only.
    #[serde(deserialize_with = "null_to_default")]
    pub pids_stats: PidsStats,
    /// The I/O on block devices. Linux only.
    #[serde(deserialize_with = "null_to_default")]
    pub blkio_stats: BlkioStats,
    /// The number of processors. Windows only; 0 on Linux.
    #[serde(deserialize_with = "null_to_default")]
    pub num_procs: u64,
    /// The I/O on disks. Windows only.
    #[serde(deserialize_with = "null_to_default")]
    pub storage_stats: StorageStats,
}

#[cfg(test)]
mod tests;
