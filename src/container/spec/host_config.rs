//! [`HostConfig`]: how a container is tied to its host.

use super::{
    DeviceMapping, DeviceRequest, LogConfig, Mount, PortMap, RestartPolicy, ThrottleDevice, Ulimit, WeightDevice,
};
use crate::Map;
use crate::wire::{is_default, null_elements, null_to_default, null_to_empty, null_to_empty_in_map, open_enum};
use serde::{Deserialize, Serialize};

/// How a container is tied to its host: ports, mounts, limits, privileges.
///
/// To make a container, [`ContainerSpec`](super::ContainerSpec) has setters for most of it.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct HostConfig {
    /// Host paths and volumes, as `/src:/dst[:options]` or `volume:/dst[:options]`; see `mounts` too.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub binds: Vec<String>,
    /// A file that the container's id was written to.
    #[serde(rename = "ContainerIDFile", skip_serializing_if = "String::is_empty")]
    pub container_id_file: String,
    /// Where its output is logged; the engine's choice if not set.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub log_config: LogConfig,
    /// A network's name, `bridge`, `host`, `none` or `container:<name or id>`; the default network if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_mode: String,
    /// What each port of the container is published as, by `port/protocol`.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_empty_in_map")]
    pub port_bindings: PortMap,
    /// Whether it is started again when it ends.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub restart_policy: RestartPolicy,
    /// Whether it is removed when it ends.
    #[serde(skip_serializing_if = "is_default")]
    pub auto_remove: bool,
    /// The driver of the volumes that `binds` makes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub volume_driver: String,
    /// Containers whose volumes it shares, as `container[:ro]`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub volumes_from: Vec<String>,
    /// What is mounted in it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub mounts: Vec<Mount>,
    /// The terminal's first size: height, width. Engines heed it since API 1.42.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console_size: Option<[u32; 2]>,
    /// Notes for the runtime. Since API 1.43.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub annotations: Map<String>,
    /// Kernel capabilities that it gets.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub cap_add: Vec<String>,
    /// Kernel capabilities that are taken from it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub cap_drop: Vec<String>,
    /// Whose cgroup namespace it sees; the engine's choice if not set.
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
    /// Lines of `/etc/hosts`, as `name:address`; the address `host-gateway` is the host's own.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub extra_hosts: Vec<String>,
    /// Further groups of the process.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub group_add: Vec<String>,
    /// The IPC namespace: `none`, `private`, `shareable`, `host` or `container:<name or id>`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipc_mode: String,
    /// The cgroup that it runs in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup: String,
    /// Containers to be reached by name, as `container:alias`; networks with aliases have replaced it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub links: Vec<String>,
    /// How likely the kernel is to kill it for want of memory: -1000 to 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub oom_score_adj: i64,
    /// The PID namespace: `host` or `container:<name or id>`; its own if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pid_mode: String,
    /// Whether it may do all that the host may.
    #[serde(skip_serializing_if = "is_default")]
    pub privileged: bool,
    /// Whether each exposed port is published as one that the engine chooses.
    #[serde(skip_serializing_if = "is_default")]
    pub publish_all_ports: bool,
    /// Whether its root filesystem is read-only.
    #[serde(skip_serializing_if = "is_default")]
    pub readonly_rootfs: bool,
    /// Security options, such as `no-new-privileges`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub security_opt: Vec<String>,
    /// Options of the storage driver, such as `size`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub storage_opt: Map<String>,
    /// Paths with a tmpfs each, and its options, such as `rw,noexec,size=65536k`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tmpfs: Map<String>,
    /// The UTS namespace: `host`; its own if empty.
    #[serde(rename = "UTSMode", skip_serializing_if = "String::is_empty")]
    pub uts_mode: String,
    /// The user namespace: `host`; the engine's choice if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub userns_mode: String,
    /// Bytes of `/dev/shm`; 64 MiB if 0.
    #[serde(skip_serializing_if = "is_default")]
    pub shm_size: i64,
    /// Kernel parameters.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub sysctls: Map<String>,
    /// The runtime, such as `runc`; the engine's choice if empty.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_to_default")]
    pub runtime: String,
    /// How it is isolated. Windows alone.
    #[serde(skip_serializing_if = "is_default")]
    pub isolation: Isolation,
    /// Paths that are hidden from it; the runtime's choice if `None`, none if empty.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub masked_paths: Option<Vec<String>>,
    /// Paths that it may not change; the runtime's choice if `None`, none if empty.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_elements")]
    pub readonly_paths: Option<Vec<String>>,
    /// Its share of the CPUs when they are scarce, against 1024 of others.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_shares: i64,
    /// The limit of memory, in bytes; none if 0.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: i64,
    /// The cgroup above its own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_parent: String,
    /// Its share of block I/O when that is scarce: 10 to 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub blkio_weight: i64,
    /// The same for single devices.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_weight_device: Vec<WeightDevice>,
    /// How many bytes it may read in a second.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_device_read_bps: Vec<ThrottleDevice>,
    /// How many bytes it may write in a second.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_device_write_bps: Vec<ThrottleDevice>,
    /// How often it may read in a second.
    #[serde(rename = "BlkioDeviceReadIOps", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub blkio_device_read_iops: Vec<ThrottleDevice>,
    /// How often it may write in a second.
    #[serde(
        rename = "BlkioDeviceWriteIOps",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_to_empty"
    )]
    pub blkio_device_write_iops: Vec<ThrottleDevice>,
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
    /// Devices of the host.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub devices: Vec<DeviceMapping>,
    /// Rules for devices, such as `c 13:* rwm`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_cgroup_rules: Vec<String>,
    /// Devices that a driver provides, such as GPUs.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_requests: Vec<DeviceRequest>,
    /// The limit of memory when that is scarce, in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_reservation: i64,
    /// The limit of memory and swap together, in bytes; -1: swap without a limit.
    #[serde(skip_serializing_if = "is_default")]
    pub memory_swap: i64,
    /// How readily its memory is swapped: 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<i64>,
    /// The limit of CPU, in billionths of one; none if 0.
    #[serde(skip_serializing_if = "is_default")]
    pub nano_cpus: i64,
    /// Whether the kernel may not kill it for want of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_kill_disable: Option<bool>,
    /// Whether an init runs in it, that forwards signals and reaps processes; the engine's choice if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// The limit of processes; none if 0 or -1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids_limit: Option<i64>,
    /// Limits of each process.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ulimits: Vec<Ulimit>,
    /// How many CPUs it may use. Windows alone.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_count: i64,
    /// How many percent of the CPUs it may use. Windows alone.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu_percent: i64,
    /// How often it may read or write its system drive in a second. Windows alone.
    #[serde(rename = "IOMaximumIOps", skip_serializing_if = "is_default")]
    pub io_maximum_iops: i64,
    /// How many bytes of its system drive it may read or write in a second. Windows alone.
    #[serde(rename = "IOMaximumBandwidth", skip_serializing_if = "is_default")]
    pub io_maximum_bandwidth: i64,
    /// The limit of kernel memory, in bytes. Until API 1.41.
    #[serde(skip_serializing_if = "is_default")]
    pub kernel_memory: i64,
    /// The limit of kernel TCP buffers, in bytes. Until API 1.51.
    #[serde(rename = "KernelMemoryTCP", skip_serializing_if = "is_default")]
    pub kernel_memory_tcp: i64,
}

open_enum! {
    /// Whose cgroup namespace a container sees.
    pub enum CgroupnsMode {
        /// Its own.
        Private = "private",
        /// The host's.
        Host = "host",
    }
}

open_enum! {
    /// How a container is isolated on Windows.
    pub enum Isolation {
        /// As the engine chooses.
        Default = "default",
        /// By namespaces.
        Process = "process",
        /// By a virtual machine.
        HyperV = "hyperv",
    }
}
