//! [`UpdateSpec`]: what of a container can be changed later.

use super::{DeviceMapping, DeviceRequest, RestartPolicy, ThrottleDevice, Ulimit, WeightDevice};
use crate::wire::{is_default, null_elements, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// What is to be changed of a container; what is not set stays as it is.
///
/// There is a setter for what is changed every day; all else is in the fields. Some of them, as marked, are part of the API
/// but not changed by engines up to Docker 29.
///
/// ```
/// use longshore::container::{MIB, RestartPolicy, UpdateSpec};
///
/// let mut spec = UpdateSpec::new().memory(512 * MIB).cpus(1.5).restart(RestartPolicy::unless_stopped());
/// spec.blkio_weight = 300;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct UpdateSpec {
    /// Whether it is started again when it ends.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub restart_policy: RestartPolicy,
    /// Its share of the CPUs when they are scarce, against 1024 of others.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_shares: i64,
    /// The limit of memory, in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: i64,
    /// The limit of memory and swap together, in bytes; -1: swap without a limit.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_swap: i64,
    /// The limit of memory when that is scarce, in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_reservation: i64,
    /// The limit of CPU, in billionths of one.
    #[serde(skip_serializing_if = "is_default")]
    pub nano_cpus: i64,
    /// The length of a CPU period, in microseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_period: i64,
    /// Microseconds of CPU in each period.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_quota: i64,
    /// The length of a real-time period, in microseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_realtime_period: i64,
    /// Microseconds of real-time CPU in each period.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_realtime_runtime: i64,
    /// The CPUs that it may use, as `0-3` or `0,1`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cpuset_cpus: String,
    /// The memory nodes that it may use, as `0-3` or `0,1`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cpuset_mems: String,
    /// The limit of processes; 0 or -1: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids_limit: Option<i64>,
    /// Its share of block I/O when that is scarce: 10 to 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub blkio_weight: i64,
    /// The same for single devices, in place of all that are set; an empty list clears them. Since API 1.55.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub blkio_weight_device: Option<Vec<WeightDevice>>,
    /// How many bytes it may read in a second, in place of all that is set; an empty list clears it. Since API 1.55.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub blkio_device_read_bps: Option<Vec<ThrottleDevice>>,
    /// How many bytes it may write in a second, in place of all that is set; an empty list clears it. Since API 1.55.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub blkio_device_write_bps: Option<Vec<ThrottleDevice>>,
    /// How often it may read in a second, in place of all that is set; an empty list clears it. Since API 1.55.
    #[serde(
        rename = "BlkioDeviceReadIOps",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "null_elements"
    )]
    pub blkio_device_read_iops: Option<Vec<ThrottleDevice>>,
    /// How often it may write in a second, in place of all that is set; an empty list clears it. Since API 1.55.
    #[serde(
        rename = "BlkioDeviceWriteIOps",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "null_elements"
    )]
    pub blkio_device_write_iops: Option<Vec<ThrottleDevice>>,
    /// The limit of kernel memory, in bytes. Until API 1.41.
    #[serde(skip_serializing_if = "is_default")]
    pub kernel_memory: i64,
    /// The limit of kernel TCP buffers, in bytes. Until API 1.51. Engines do not change it.
    #[serde(rename = "KernelMemoryTCP", skip_serializing_if = "is_default")]
    pub kernel_memory_tcp: i64,
    /// The cgroup above its own. Engines do not change it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_parent: String,
    /// Devices of the host. Engines do not change them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub devices: Vec<DeviceMapping>,
    /// Rules for devices, such as `c 13:* rwm`. Engines do not change them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_cgroup_rules: Vec<String>,
    /// Devices that a driver provides, such as GPUs. Engines do not change them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_requests: Vec<DeviceRequest>,
    /// How readily its memory is swapped: 0 to 100. Engines do not change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<i64>,
    /// Whether the kernel may not kill it for want of memory. Engines do not change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_kill_disable: Option<bool>,
    /// Whether an init runs in it, that forwards signals and reaps processes. Engines do not change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// Limits of each process. Engines do not change them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ulimits: Vec<Ulimit>,
    /// How many CPUs it may use. Windows alone. Engines do not change it.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_count: i64,
    /// How many percent of the CPUs it may use. Windows alone. Engines do not change it.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_percent: i64,
    /// How often it may read or write its system drive in a second. Windows alone. Engines do not change it.
    #[serde(rename = "IOMaximumIOps", skip_serializing_if = "is_default")]
    pub io_maximum_iops: i64,
    /// How many bytes of its system drive it may read or write in a second. Windows alone. Engines do not change it.
    #[serde(rename = "IOMaximumBandwidth", skip_serializing_if = "is_default")]
    pub io_maximum_bandwidth: i64,
}

impl From<&UpdateSpec> for UpdateSpec {
    fn from(spec: &UpdateSpec) -> Self {
        spec.clone()
    }
}
