//! [`UpdateSpec`]: the changes to an existing container.

use super::{DeviceMapping, DeviceRequest, RestartPolicy, ThrottleDevice, Ulimit, WeightDevice};
use crate::wire::{is_default, null_elements, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The changes to an existing container. Unset fields keep their values.
///
/// There is a setter for each flag of `docker update`. The fields hold everything else. The API has some fields that
/// engines up to Docker 29 ignore, as noted on them.
///
/// ```
/// use longshore::container::{RestartPolicy, UpdateSpec};
///
/// let spec = UpdateSpec::new().memory("512m").cpus(1.5).restart(RestartPolicy::unless_stopped());
/// assert_eq!(spec.memory, 512 << 20);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct UpdateSpec {
    /// Whether the engine restarts the container when it ends.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub restart_policy: RestartPolicy,
    /// The CPU weight relative to other containers, whose default is 1024. Matters only when CPUs are scarce.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_shares: i64,
    /// The memory limit in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: i64,
    /// The limit of memory and swap together, in bytes; -1 for unlimited swap.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_swap: i64,
    /// The soft memory limit in bytes, which applies when memory is scarce.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_reservation: i64,
    /// The CPU limit in billionths of a CPU.
    #[serde(skip_serializing_if = "is_default")]
    pub nano_cpus: i64,
    /// The CPU period of the scheduler, in microseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_period: i64,
    /// The CPU time that the container may use in each period, in microseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_quota: i64,
    /// The real-time period of the scheduler, in microseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_realtime_period: i64,
    /// The real-time CPU time that the container may use in each period, in microseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_realtime_runtime: i64,
    /// The CPUs that the container may use, as `0-3` or `0,1`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cpuset_cpus: String,
    /// The memory nodes that the container may use, as `0-3` or `0,1`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cpuset_mems: String,
    /// The limit of processes; 0 or -1 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids_limit: Option<i64>,
    /// The block I/O weight relative to other containers: 10 to 1000. Matters only when I/O is scarce.
    #[serde(skip_serializing_if = "is_default")]
    pub blkio_weight: i64,
    /// The block I/O weights for single devices. Replaces all of them; an empty list clears them. Requires API 1.55 or
    /// later.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub blkio_weight_device: Option<Vec<WeightDevice>>,
    /// Read limits of devices, in bytes per second. Replaces all of them; an empty list clears them. Requires API 1.55
    /// or later.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub blkio_device_read_bps: Option<Vec<ThrottleDevice>>,
    /// Write limits of devices, in bytes per second. Replaces all of them; an empty list clears them. Requires API 1.55
    /// or later.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub blkio_device_write_bps: Option<Vec<ThrottleDevice>>,
    /// Read limits of devices, in operations per second. Replaces all of them; an empty list clears them. Requires API
    /// 1.55 or later.
    #[serde(
        rename = "BlkioDeviceReadIOps",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "null_elements"
    )]
    pub blkio_device_read_iops: Option<Vec<ThrottleDevice>>,
    /// Write limits of devices, in operations per second. Replaces all of them; an empty list clears them. Requires API
    /// 1.55 or later.
    #[serde(
        rename = "BlkioDeviceWriteIOps",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "null_elements"
    )]
    pub blkio_device_write_iops: Option<Vec<ThrottleDevice>>,
    /// The limit of kernel memory in bytes. Removed in API 1.42.
    #[serde(skip_serializing_if = "is_default")]
    pub kernel_memory: i64,
    /// The limit of kernel TCP buffers in bytes. Removed in API 1.52. Engines ignore it.
    #[serde(rename = "KernelMemoryTCP", skip_serializing_if = "is_default")]
    pub kernel_memory_tcp: i64,
    /// The parent cgroup. Engines ignore it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_parent: String,
    /// Devices of the host. Engines ignore them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub devices: Vec<DeviceMapping>,
    /// Cgroup rules for devices, such as `c 13:* rwm`. Engines ignore them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_cgroup_rules: Vec<String>,
    /// Requests for devices that a driver provides, such as GPUs. Engines ignore them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_requests: Vec<DeviceRequest>,
    /// How readily the kernel swaps the container's memory: 0 to 100. Engines ignore it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<i64>,
    /// Whether the kernel's out-of-memory killer spares the container. Engines ignore it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_kill_disable: Option<bool>,
    /// Whether an init process runs in the container, which forwards signals and reaps processes. Engines ignore it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// Resource limits of each process. Engines ignore them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ulimits: Vec<Ulimit>,
    /// The number of CPUs that the container may use. Windows only. Engines ignore it.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_count: i64,
    /// The percentage of the CPUs that the container may use. Windows only. Engines ignore it.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_percent: i64,
    /// The I/O limit of the system drive, in operations per second. Windows only. Engines ignore it.
    #[serde(rename = "IOMaximumIOps", skip_serializing_if = "is_default")]
    pub io_maximum_iops: u64,
    /// The I/O limit of the system drive, in bytes per second. Windows only. Engines ignore it.
    #[serde(rename = "IOMaximumBandwidth", skip_serializing_if = "is_default")]
    pub io_maximum_bandwidth: u64,
    /// Errors of setters whose argument cannot be parsed, such as a size of `512q`. The update fails with the first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

impl From<&UpdateSpec> for UpdateSpec {
    fn from(spec: &UpdateSpec) -> Self {
        spec.clone()
    }
}
