//! [`HostConfig`]: the configuration of a container that depends on its host.

use super::{
    DeviceMapping, DeviceRequest, LogConfig, Mount, PortMap, RestartPolicy, ThrottleDevice, Ulimit, WeightDevice,
};
use crate::Map;
use crate::wire::{is_default, null_elements, null_to_default, null_to_empty, null_to_empty_in_map, open_enum};
use serde::{Deserialize, Serialize};

/// The configuration of a container that depends on its host: ports, mounts, limits, privileges.
///
/// To create a container, use the setters of [`ContainerSpec`](super::ContainerSpec), which cover most fields.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct HostConfig {
    /// Bind mounts and volumes, as `/src:/dst[:options]` or `volume:/dst[:options]`. See also `mounts`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub binds: Vec<String>,
    /// The path of a file that the container's ID was written to.
    #[serde(rename = "ContainerIDFile", skip_serializing_if = "String::is_empty")]
    pub container_id_file: String,
    /// Where the output is logged. Defaults to the engine's choice.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub log_config: LogConfig,
    /// A network's name, `bridge`, `host`, `none` or `container:<name or id>`. Empty for the default network.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_mode: String,
    /// The host addresses and ports of each container port, by `port/protocol`.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_empty_in_map")]
    pub port_bindings: PortMap,
    /// Whether the engine restarts the container when it ends.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub restart_policy: RestartPolicy,
    /// Whether the engine removes the container when it ends.
    #[serde(skip_serializing_if = "is_default")]
    pub auto_remove: bool,
    /// The driver of new volumes that `binds` and [`ContainerConfig::volumes`](super::ContainerConfig::volumes) name. A
    /// [`Mount`] has a driver of its own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub volume_driver: String,
    /// Containers whose volumes are mounted too, as `container[:ro]`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub volumes_from: Vec<String>,
    /// Mounts.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub mounts: Vec<Mount>,
    /// The initial size of the terminal: height, width. Requires API 1.42 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console_size: Option<[u64; 2]>,
    /// Annotations for the runtime. Requires API 1.43 or later.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub annotations: Map<String>,
    /// Kernel capabilities to add.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub cap_add: Vec<String>,
    /// Kernel capabilities to drop.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub cap_drop: Vec<String>,
    /// The cgroup namespace. Defaults to the engine's choice.
    #[serde(skip_serializing_if = "is_default")]
    pub cgroupns_mode: CgroupnsMode,
    /// DNS servers.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub dns: Vec<String>,
    /// Options of `resolv.conf`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub dns_options: Vec<String>,
    /// DNS search domains.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub dns_search: Vec<String>,
    /// Additional lines of `/etc/hosts`, as `name:address`. The address `host-gateway` stands for the host's own.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub extra_hosts: Vec<String>,
    /// Additional groups of the process.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub group_add: Vec<String>,
    /// The IPC namespace: `none`, `private`, `shareable`, `host` or `container:<name or id>`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipc_mode: String,
    /// The cgroup of the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup: String,
    /// Links to other containers, as `container:alias`. Superseded by networks with aliases.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub links: Vec<String>,
    /// How likely the kernel is to kill the container when memory runs out: -1000 to 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub oom_score_adj: i64,
    /// The PID namespace: `host` or `container:<name or id>`. Empty for a private one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pid_mode: String,
    /// Whether the container has all privileges of the host.
    #[serde(skip_serializing_if = "is_default")]
    pub privileged: bool,
    /// Whether the engine publishes each exposed port on a host port that it chooses.
    #[serde(skip_serializing_if = "is_default")]
    pub publish_all_ports: bool,
    /// Whether the root filesystem is read-only.
    #[serde(skip_serializing_if = "is_default")]
    pub readonly_rootfs: bool,
    /// Security options, such as `no-new-privileges`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub security_opt: Vec<String>,
    /// Options of the storage driver, such as `size`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub storage_opt: Map<String>,
    /// In-memory filesystems: paths with their options, such as `rw,noexec,size=65536k`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tmpfs: Map<String>,
    /// The UTS namespace: `host`. Empty for a private one.
    #[serde(rename = "UTSMode", skip_serializing_if = "String::is_empty")]
    pub uts_mode: String,
    /// The user namespace: `host`. Empty for the engine's choice.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub userns_mode: String,
    /// The size of `/dev/shm` in bytes; 0 for 64 MiB.
    #[serde(skip_serializing_if = "is_default")]
    pub shm_size: i64,
    /// Kernel parameters.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub sysctls: Map<String>,
    /// The runtime, such as `runc`. Empty for the engine's choice.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_to_default")]
    pub runtime: String,
    /// The isolation technology. Windows only.
    #[serde(skip_serializing_if = "is_default")]
    pub isolation: Isolation,
    /// Paths that are hidden from the container. `None` for the runtime's default; an empty list hides none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub masked_paths: Option<Vec<String>>,
    /// Paths that are read-only in the container. `None` for the runtime's default; an empty list protects none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub readonly_paths: Option<Vec<String>>,
    /// The CPU weight relative to other containers, whose default is 1024. Matters only when CPUs are scarce.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_shares: i64,
    /// The memory limit in bytes; 0 for none.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: i64,
    /// The parent cgroup.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_parent: String,
    /// The block I/O weight relative to other containers: 10 to 1000. Matters only when I/O is scarce.
    #[serde(skip_serializing_if = "is_default")]
    pub blkio_weight: i64,
    /// The block I/O weights for single devices.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_weight_device: Vec<WeightDevice>,
    /// Read limits of devices, in bytes per second.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_device_read_bps: Vec<ThrottleDevice>,
    /// Write limits of devices, in bytes per second.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_device_write_bps: Vec<ThrottleDevice>,
    /// Read limits of devices, in operations per second.
    #[serde(rename = "BlkioDeviceReadIOps", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_device_read_iops: Vec<ThrottleDevice>,
    /// Write limits of devices, in operations per second.
    #[serde(
        rename = "BlkioDeviceWriteIOps",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_to_empty"
    )]
    pub blkio_device_write_iops: Vec<ThrottleDevice>,
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
    /// Devices of the host.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub devices: Vec<DeviceMapping>,
    /// Cgroup rules for devices, such as `c 13:* rwm`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_cgroup_rules: Vec<String>,
    /// Requests for devices that a driver provides, such as GPUs.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_requests: Vec<DeviceRequest>,
    /// The soft memory limit in bytes, which applies when memory is scarce.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_reservation: i64,
    /// The limit of memory and swap together, in bytes; -1 for unlimited swap.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_swap: i64,
    /// How readily the kernel swaps the container's memory: 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<i64>,
    /// The CPU limit in billionths of a CPU; 0 for none.
    #[serde(skip_serializing_if = "is_default")]
    pub nano_cpus: i64,
    /// Whether the kernel's out-of-memory killer spares the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_kill_disable: Option<bool>,
    /// Whether an init process runs in the container, which forwards signals and reaps processes. `None` for the
    /// engine's choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// The limit of processes; 0 or -1 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids_limit: Option<i64>,
    /// Resource limits of each process.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ulimits: Vec<Ulimit>,
    /// The number of CPUs that the container may use. Windows only.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_count: i64,
    /// The percentage of the CPUs that the container may use. Windows only.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_percent: i64,
    /// The I/O limit of the system drive, in operations per second. Windows only.
    #[serde(rename = "IOMaximumIOps", skip_serializing_if = "is_default")]
    pub io_maximum_iops: u64,
    /// The I/O limit of the system drive, in bytes per second. Windows only.
    #[serde(rename = "IOMaximumBandwidth", skip_serializing_if = "is_default")]
    pub io_maximum_bandwidth: u64,
    /// The limit of kernel memory in bytes. Removed in API 1.42.
    #[serde(skip_serializing_if = "is_default")]
    pub kernel_memory: i64,
    /// The limit of kernel TCP buffers in bytes. Removed in API 1.52.
    #[serde(rename = "KernelMemoryTCP", skip_serializing_if = "is_default")]
    pub kernel_memory_tcp: i64,
}

open_enum! {
    /// The cgroup namespace of a container.
    pub enum CgroupnsMode {
        /// The container's own.
        Private = "private",
        /// The host's.
        Host = "host",
    }
}

open_enum! {
    /// The isolation technology of a container on Windows.
    pub enum Isolation {
        /// The engine's choice.
        Default = "default",
        /// Namespaces.
        Process = "process",
        /// A virtual machine.
        HyperV = "hyperv",
    }
}
