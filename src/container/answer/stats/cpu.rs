//! CPU time and processes.

use crate::wire;

/// The CPU time of a container since it was made.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CpuStats {
    /// What it used.
    pub cpu_usage: CpuUsage,
    /// What the whole machine used, and had to spare, in nanoseconds. Linux.
    pub system_cpu_usage: Option<u64>,
    /// How many CPUs there are. Linux.
    pub online_cpus: Option<u64>,
    /// How often it had to wait for its share. Linux.
    pub throttling_data: ThrottlingData,
}

wire::object! {
    CpuStats {
        "cpu_usage" => cpu_usage,
        "system_cpu_usage" => system_cpu_usage,
        "online_cpus" => online_cpus,
        "throttling_data" => throttling_data,
    }
}

/// The CPU time that a container used, in nanoseconds; in units of 100 ns on Windows.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CpuUsage {
    /// All of it.
    pub total_usage: u64,
    /// On each CPU. Cgroup v1 alone.
    pub percpu_usage: Vec<u64>,
    /// In the kernel.
    pub usage_in_kernelmode: u64,
    /// Outside of the kernel.
    pub usage_in_usermode: u64,
}

wire::object! {
    CpuUsage {
        "total_usage" => total_usage,
        "percpu_usage" => percpu_usage,
        "usage_in_kernelmode" => usage_in_kernelmode,
        "usage_in_usermode" => usage_in_usermode,
    }
}

/// How often a container had to wait for its share of the CPUs.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ThrottlingData {
    /// Periods in which its share was bounded.
    pub periods: u64,
    /// Periods in which it reached its bound.
    pub throttled_periods: u64,
    /// How long it waited, in nanoseconds.
    pub throttled_time: u64,
}

wire::object! {
    ThrottlingData {
        "periods" => periods,
        "throttled_periods" => throttled_periods,
        "throttled_time" => throttled_time,
    }
}

/// How many processes and threads a container has.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PidsStats {
    /// So many there are.
    pub current: Option<u64>,
    /// So many there may be; 0 and `u64::MAX`: any number.
    pub limit: Option<u64>,
}

wire::object! {
    PidsStats {
        "current" => current,
        "limit" => limit,
    }
}
