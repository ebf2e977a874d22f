//! Computes the numbers of `docker stats`.

#![allow(clippy::cast_precision_loss, reason = "what is shown as a percentage need not be exact")]

use super::{ContainerStats, CpuStats, MemoryStats};

impl ContainerStats {
    /// Returns the CPU usage since the previous reading, in percent of one CPU, as `docker stats` does: 250 is two and
    /// a half CPUs.
    ///
    /// Meaningless for the first element of a stream and for [`one_shot`](crate::container::Stats::one_shot), which
    /// have no previous reading. Like `docker stats`, it then counts from the start of the host.
    #[must_use]
    pub fn cpu_percent(&self) -> f64 {
        if self.is_windows() { self.cpu_percent_of_windows() } else { cpu_percent(&self.precpu_stats, &self.cpu_stats) }
    }

    /// Returns the memory usage in bytes, as `docker stats` does: without the file caches that can be dropped. On
    /// Windows, it is the private working set.
    #[must_use]
    pub fn memory_usage(&self) -> u64 {
        if self.is_windows() {
            self.memory_stats.privateworkingset.unwrap_or_default()
        } else {
            memory_usage(&self.memory_stats)
        }
    }

    /// Returns the memory usage in percent of the limit, as `docker stats` does. 0 on Windows, and for a stopped
    /// container.
    #[must_use]
    pub fn memory_percent(&self) -> f64 {
        match self.memory_stats.limit {
            Some(limit) if limit > 0 => self.memory_usage() as f64 / limit as f64 * 100.0,
            _ => 0.0,
        }
    }

    /// Before API 1.52, engines do not report the system, but only those on Windows count the processors.
    fn is_windows(&self) -> bool {
        self.os_type.as_deref().map_or(self.num_procs > 0, |os| os == "windows")
    }

    /// The share of the time since the previous reading, over all processors.
    fn cpu_percent_of_windows(&self) -> f64 {
        let (Some(read), Some(preread)) = (self.read, self.preread) else { return 0.0 };
        let units = read.duration_since(preread).as_nanos() / 100;
        let units = units.saturating_mul(i128::from(self.num_procs));
        let used = used(&self.precpu_stats, &self.cpu_stats);
        if units > 0 { used / units as f64 * 100.0 } else { 0.0 }
    }
}

fn cpu_percent(before: &CpuStats, now: &CpuStats) -> f64 {
    let all = now.system_cpu_usage.unwrap_or_default().saturating_sub(before.system_cpu_usage.unwrap_or_default());
    let cpus = match now.online_cpus {
        Some(cpus) if cpus > 0 => cpus as f64,
        _ => now.cpu_usage.percpu_usage.len() as f64,
    };
    if all > 0 { used(before, now) / all as f64 * cpus * 100.0 } else { 0.0 }
}

fn used(before: &CpuStats, now: &CpuStats) -> f64 {
    now.cpu_usage.total_usage.saturating_sub(before.cpu_usage.total_usage) as f64
}

/// Cgroup v1 calls the inactive file cache `total_inactive_file`, v2 `inactive_file`. V1 has the second one too, with
/// another meaning.
fn memory_usage(memory: &MemoryStats) -> u64 {
    let usage = memory.usage.unwrap_or_default();
    let below = |name| memory.stats.get(name).copied().filter(|bytes| *bytes < usage);
    usage - below("total_inactive_file").or_else(|| below("inactive_file")).unwrap_or_default()
}
