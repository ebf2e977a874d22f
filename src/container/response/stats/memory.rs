//! Memory usage.

use crate::wire::Map;
use serde::{Deserialize, Serialize};

/// The memory usage of a container, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MemoryStats {
    /// The memory in use, file caches included. Linux only.
    ///
    /// [`ContainerStats::memory_usage`](super::ContainerStats::memory_usage) leaves out the caches that can be dropped.
    pub usage: Option<u64>,
    /// The highest usage so far. Cgroup v1 only.
    pub max_usage: Option<u64>,
    /// The kernel's statistics from `memory.stat`. Linux only.
    ///
    /// Cgroup v1 has `cache`, `rss`, `total_inactive_file` and others. Cgroup v2 has `anon`, `file`, `inactive_file`
    /// and others.
    pub stats: Map<u64>,
    /// How many times the container hit its memory limit. Cgroup v1 only.
    pub failcnt: Option<u64>,
    /// The memory limit. Without one, the memory of the host. Linux only.
    pub limit: Option<u64>,
    /// The committed memory. Windows only.
    pub commitbytes: Option<u64>,
    /// The highest committed memory so far. Windows only.
    pub commitpeakbytes: Option<u64>,
    /// The private working set. Windows only.
    pub privateworkingset: Option<u64>,
}
