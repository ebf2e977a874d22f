//! CPU time and processes.

use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The CPU time of a container since it was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CpuStats {
    /// What it used.
    #[serde(deserialize_with = "null_to_default")]
    pub cpu_usage: CpuUsage,
    /// What the whole machine used, and had to spare, in nanoseconds. Linux.
    pub system_cpu_usage: Option<u64>,
    /// How many CPUs there are. Linux.
    pub online_cpus: Option<u64>,
    /// How often it had to wait for its share. Linux.
    #[serde(deserialize_with = "null_to_default")]
    pub throttling_data: ThrottlingData,
}

/// The CPU time that a container used, in nanoseconds; in units of 100 ns on Windows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CpuUsage {
    /// All of it.
    #[serde(deserialize_with = "null_to_default")]
    pub total_usage: u64,
    /// On each CPU. Cgroup v1 alone.
    #[serde(deserialize_with = "null_to_empty")]
    pub percpu_usage: Vec<u64>,
    /// In the kernel.
    #[serde(deserialize_with = "null_to_default")]
    pub usage_in_kernelmode: u64,
    /// Outside of the kernel.
    #[serde(deserialize_with = "null_to_default")]
    pub usage_in_usermode: u64,
}

/// How often a container had to wait for its share of the CPUs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ThrottlingData {
    /// Periods in which its share was bounded.
    #[serde(deserialize_with = "null_to_default")]
    pub periods: u64,
    /// Periods in which it reached its bound.
    #[serde(deserialize_with = "null_to_default")]
    pub throttled_periods: u64,
    /// How long it waited, in nanoseconds.
    #[serde(deserialize_with = "null_to_default")]
    pub throttled_time: u64,
}

/// How many processes and threads a container has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PidsStats {
    /// So many there are.
    pub current: Option<u64>,
    /// So many there may be; 0 and `u64::MAX`: any number.
    pub limit: Option<u64>,
}
