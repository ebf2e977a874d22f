//! What `docker stats` makes of the numbers.

#![allow(clippy::cast_precision_loss, reason = "what is shown as a percentage need not be exact")]

use super::{ContainerStats, CpuStats, MemoryStats};

impl ContainerStats {
    /// How much of the CPUs it used since the reading before, in percent of one CPU, as `docker stats` counts it: 250 is two
    /// and a half CPUs.
    ///
    /// The first element of a stream, and [`one_shot`](crate::container::Stats::one_shot), have no reading before: there it
    /// says nothing, as with `docker stats`, which counts from the machine's start.
    #[must_use]
    pub fn cpu_percent(&self) -> f64 {
        if self.is_windows() { self.cpu_percent_of_windows() } else { cpu_percent(&self.precpu_stats, &self.cpu_stats) }
    }

    /// How many bytes of memory it uses, as `docker stats` counts it: without the file caches that can be dropped. On Windows
    /// it is the private working set.
    #[must_use]
    pub fn memory_usage(&self) -> u64 {
        if self.is_windows() {
            self.memory_stats.privateworkingset.unwrap_or_default()
        } else {
            memory_usage(&self.memory_stats)
        }
    }

    /// How much of the memory that it may use it does, in percent, as `docker stats` counts it. 0 on Windows, and for a
    /// container that does not run.
    #[must_use]
    pub fn memory_percent(&self) -> f64 {
        match self.memory_stats.limit {
            Some(limit) if limit > 0 => self.memory_usage() as f64 / limit as f64 * 100.0,
            _ => 0.0,
        }
    }

    /// Before API 1.52 engines do not say, but only those of Windows count the processors.
    fn is_windows(&self) -> bool {
        self.os_type.as_deref().map_or(self.num_procs > 0, |os| os == "windows")
    }

    /// Of the time since the reading before, on all processors.
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

/// `total_inactive_file` is cgroup v1's name of it, `inactive_file` v2's; v1 has both, with another meaning of the latter.
fn memory_usage(memory: &MemoryStats) -> u64 {
    let usage = memory.usage.unwrap_or_default();
    let below = |name| memory.stats.get(name).copied().filter(|bytes| *bytes < usage);
    usage - below("total_inactive_file").or_else(|| below("inactive_file")).unwrap_or_default()
}
