//! [`ContainerStats`]: what a container uses.

use crate::wire::{Map, go_time, null_to_default};
use serde::{Deserialize, Serialize};
mod blkio;
mod cpu;
mod memory;
mod network;
mod usage;

pub use blkio::{BlkioEntry, BlkioStats, StorageStats};
pub use cpu::{CpuStats, CpuUsage, PidsStats, ThrottlingData};
pub use memory::MemoryStats;
pub use network::NetworkStats;

use crate::Timestamp;

/// What a container uses, at one time. For one that does not run, there is its id and name, and else nothing.
///
/// [`cpu_percent`](Self::cpu_percent), [`memory_usage`](Self::memory_usage) and [`memory_percent`](Self::memory_percent)
/// are what `docker stats` shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ContainerStats {
    /// The container's id.
    pub id: Option<String>,
    /// Its name, with a `/` before it.
    pub name: Option<String>,
    /// Its operating system: `linux` or `windows`. Since API 1.52.
    pub os_type: Option<String>,
    /// When this was read; `None` if the container does not run.
    #[serde(deserialize_with = "go_time")]
    pub read: Option<Timestamp>,
    /// When `precpu_stats` was read; `None` if it was not.
    #[serde(deserialize_with = "go_time")]
    pub preread: Option<Timestamp>,
    /// Its CPU time.
    #[serde(deserialize_with = "null_to_default")]
    pub cpu_stats: CpuStats,
    /// Its CPU time about a second before. All is 0 in a stream's first element, and with
    /// [`one_shot`](crate::container::Stats::one_shot).
    #[serde(deserialize_with = "null_to_default")]
    pub precpu_stats: CpuStats,
    /// Its memory.
    #[serde(deserialize_with = "null_to_default")]
    pub memory_stats: MemoryStats,
    /// What went over each of its network interfaces, by their names. Empty without a network of its own.
    pub networks: Map<NetworkStats>,
    /// How many processes it has. Linux.
    #[serde(deserialize_with = "null_to_default")]
    pub pids_stats: PidsStats,
    /// What it read of and wrote to block devices. Linux.
    #[serde(deserialize_with = "null_to_default")]
    pub blkio_stats: BlkioStats,
    /// How many processors there are. Windows; 0 on Linux.
    #[serde(deserialize_with = "null_to_default")]
    pub num_procs: u64,
    /// What it read of and wrote to disks. Windows.
    #[serde(deserialize_with = "null_to_default")]
    pub storage_stats: StorageStats,
}

#[cfg(test)]
mod tests;
