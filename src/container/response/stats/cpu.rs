//! CPU time and processes.

use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The CPU time that a container has used so far, and that of its host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CpuStats {
    /// The CPU time that the container used.
    #[serde(deserialize_with = "null_to_default")]
    pub cpu_usage: CpuUsage,
    /// The CPU time of the whole host, idle time included, in nanoseconds. Linux only.
    pub system_cpu_usage: Option<u64>,
    /// The number of CPUs. Linux only.
    pub online_cpus: Option<u64>,
    /// How often the container was throttled. Linux only.
    #[serde(deserialize_with = "null_to_default")]
    pub throttling_data: ThrottlingData,
}

/// The CPU time that a container used, in nanoseconds; in units of 100 ns on Windows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CpuUsage {
    /// The total.
    #[serde(deserialize_with = "null_to_default")]
    pub total_usage: u64,
    /// The CPU time on each CPU. Cgroup v1 only.
    #[serde(deserialize_with = "null_to_empty")]
    pub percpu_usage: Vec<u64>,
    /// The CPU time in kernel mode.
    #[serde(deserialize_with = "null_to_default")]
    pub usage_in_kernelmode: u64,
    /// The CPU time in user mode.
    #[serde(deserialize_with = "null_to_default")]
    pub usage_in_usermode: u64,
}

/// How often a container's CPU limit throttled it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ThrottlingData {
    /// The number of periods with a limit.
    #[serde(deserialize_with = "null_to_default")]
    pub periods: u64,
    /// The number of periods in which the container hit its limit.
    #[serde(deserialize_with = "null_to_default")]
    pub throttled_periods: u64,
    /// The time for which the container was throttled, in nanoseconds.
    #[serde(deserialize_with = "null_to_default")]
    pub throttled_time: u64,
}

/// The number of processes and threads of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PidsStats {
    /// The current number.
    pub current: Option<u64>,
    /// The limit. 0 and `u64::MAX` mean no limit.
    pub limit: Option<u64>,
}
