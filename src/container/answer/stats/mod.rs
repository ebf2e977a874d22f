//! [`ContainerStats`]: what a container uses.

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
use crate::wire::{self, Map};

/// What a container uses, at one time. For one that does not run, there is its id and name, and else nothing.
///
/// [`cpu_percent`](Self::cpu_percent), [`memory_usage`](Self::memory_usage) and [`memory_percent`](Self::memory_percent)
/// are what `docker stats` shows.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ContainerStats {
    /// The container's id.
    pub id: Option<String>,
    /// Its name, with a `/` before it.
    pub name: Option<String>,
    /// Its operating system: `linux` or `windows`. Since API 1.52.
    pub os_type: Option<String>,
    /// When this was read; `None` if the container does not run.
    pub read: Option<Timestamp>,
    /// When `precpu_stats` was read; `None` if it was not.
    pub preread: Option<Timestamp>,
    /// Its CPU time.
    pub cpu_stats: CpuStats,
    /// Its CPU time about a second before. All is 0 in a stream's first element, and with
    /// [`one_shot`](crate::container::Stats::one_shot).
    pub precpu_stats: CpuStats,
    /// Its memory.
    pub memory_stats: MemoryStats,
    /// What went over each of its network interfaces, by their names. Empty without a network of its own.
    pub networks: Map<NetworkStats>,
    /// How many processes it has. Linux.
    pub pids_stats: PidsStats,
    /// What it read of and wrote to block devices. Linux.
    pub blkio_stats: BlkioStats,
    /// How many processors there are. Windows; 0 on Linux.
    pub num_procs: u64,
    /// What it read of and wrote to disks. Windows.
    pub storage_stats: StorageStats,
}

wire::object! {
    ContainerStats {
        "id" => id,
        "name" => name,
        "os_type" => os_type,
        "read" => read,
        "preread" => preread,
        "cpu_stats" => cpu_stats,
        "precpu_stats" => precpu_stats,
        "memory_stats" => memory_stats,
        "networks" => networks,
        "pids_stats" => pids_stats,
        "blkio_stats" => blkio_stats,
        "num_procs" => num_procs,
        "storage_stats" => storage_stats,
    }
}

#[cfg(test)]
mod tests;
