//! Memory.

use crate::wire::Map;
use serde::{Deserialize, Serialize};

/// The memory of a container, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MemoryStats {
    /// What it has, caches of files included. Linux. [`ContainerStats::memory_usage`](super::ContainerStats::memory_usage)
    /// is without those that can be dropped.
    pub usage: Option<u64>,
    /// The most that it ever had. Cgroup v1 alone.
    pub max_usage: Option<u64>,
    /// The kernel's account of it, `memory.stat`: `cache`, `rss`, `total_inactive_file`, … with cgroup v1; `anon`, `file`,
    /// `inactive_file`, … with v2. Linux.
    pub stats: Map<u64>,
    /// How often it reached its limit. Cgroup v1 alone.
    pub failcnt: Option<u64>,
    /// What it may have; the machine's memory if it has no limit of its own. Linux.
    pub limit: Option<u64>,
    /// What is committed. Windows.
    pub commitbytes: Option<u64>,
    /// The most that was ever committed. Windows.
    pub commitpeakbytes: Option<u64>,
    /// The private working set. Windows.
    pub privateworkingset: Option<u64>,
}
