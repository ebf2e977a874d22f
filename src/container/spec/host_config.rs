//! [`HostConfig`]: how a container is tied to its host.

use super::{
    DeviceMapping, DeviceRequest, LogConfig, Mount, PortMap, RestartPolicy, ThrottleDevice, Ulimit, WeightDevice,
};
use crate::Map;
use crate::wire::{self, open_enum};

/// How a container is tied to its host: ports, mounts, limits, privileges.
///
/// To make a container, [`ContainerSpec`](super::ContainerSpec) has setters for most of it.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostConfig {
    /// Host paths and volumes, as `/src:/dst[:options]` or `volume:/dst[:options]`; see `mounts` too.
    pub binds: Vec<String>,
    /// A file that the container's id was written to.
    pub container_id_file: String,
    /// Where its output is logged; the engine's choice if not set.
    pub log_config: LogConfig,
    /// A network's name, `bridge`, `host`, `none` or `container:<name or id>`; the default network if empty.
    pub network_mode: String,
    /// What each port of the container is published as, by `port/protocol`.
    pub port_bindings: PortMap,
    /// Whether it is started again when it ends.
    pub restart_policy: RestartPolicy,
    /// Whether it is removed when it ends.
    pub auto_remove: bool,
    /// The driver of the volumes that `binds` makes.
    pub volume_driver: String,
    /// Containers whose volumes it shares, as `container[:ro]`.
    pub volumes_from: Vec<String>,
    /// What is mounted in it.
    pub mounts: Vec<Mount>,
    /// The terminal's first size: height, width. Engines heed it since API 1.42.
    pub console_size: Option<[u32; 2]>,
    /// Notes for the runtime. Since API 1.43.
    pub annotations: Map<String>,
    /// Kernel capabilities that it gets.
    pub cap_add: Vec<String>,
    /// Kernel capabilities that are taken from it.
    pub cap_drop: Vec<String>,
    /// Whose cgroup namespace it sees; the engine's choice if not set.
    pub cgroupns_mode: CgroupnsMode,
    /// DNS servers.
    pub dns: Vec<String>,
    /// Options of `resolv.conf`.
    pub dns_options: Vec<String>,
    /// DNS search domains.
    pub dns_search: Vec<String>,
    /// Lines of `/etc/hosts`, as `name:address`; the address `host-gateway` is the host's own.
    pub extra_hosts: Vec<String>,
    /// Further groups of the process.
    pub group_add: Vec<String>,
    /// The IPC namespace: `none`, `private`, `shareable`, `host` or `container:<name or id>`.
    pub ipc_mode: String,
    /// The cgroup that it runs in.
    pub cgroup: String,
    /// Containers to be reached by name, as `container:alias`; networks with aliases have replaced it.
    pub links: Vec<String>,
    /// How likely the kernel is to kill it for want of memory: -1000 to 1000.
    pub oom_score_adj: i64,
    /// The PID namespace: `host` or `container:<name or id>`; its own if empty.
    pub pid_mode: String,
    /// Whether it may do all that the host may.
    pub privileged: bool,
    /// Whether each exposed port is published as one that the engine chooses.
    pub publish_all_ports: bool,
    /// Whether its root filesystem is read-only.
    pub readonly_rootfs: bool,
    /// Security options, such as `no-new-privileges`.
    pub security_opt: Vec<String>,
    /// Options of the storage driver, such as `size`.
    pub storage_opt: Map<String>,
    /// Paths with a tmpfs each, and its options, such as `rw,noexec,size=65536k`.
    pub tmpfs: Map<String>,
    /// The UTS namespace: `host`; its own if empty.
    pub uts_mode: String,
    /// The user namespace: `host`; the engine's choice if empty.
    pub userns_mode: String,
    /// Bytes of `/dev/shm`; 64 MiB if 0.
    pub shm_size: i64,
    /// Kernel parameters.
    pub sysctls: Map<String>,
    /// The runtime, such as `runc`; the engine's choice if empty.
    pub runtime: String,
    /// How it is isolated. Windows alone.
    pub isolation: Isolation,
    /// Paths that are hidden from it; the runtime's choice if `None`, none if empty.
    pub masked_paths: Option<Vec<String>>,
    /// Paths that it may not change; the runtime's choice if `None`, none if empty.
    pub readonly_paths: Option<Vec<String>>,
    /// Its share of the CPUs when they are scarce, against 1024 of others.
    pub cpu_shares: i64,
    /// The limit of memory, in bytes; none if 0.
    pub memory: i64,
    /// The cgroup above its own.
    pub cgroup_parent: String,
    /// Its share of block I/O when that is scarce: 10 to 1000.
    pub blkio_weight: i64,
    /// The same for single devices.
    pub blkio_weight_device: Vec<WeightDevice>,
    /// How many bytes it may read in a second.
    pub blkio_device_read_bps: Vec<ThrottleDevice>,
    /// How many bytes it may write in a second.
    pub blkio_device_write_bps: Vec<ThrottleDevice>,
    /// How often it may read in a second.
    pub blkio_device_read_iops: Vec<ThrottleDevice>,
    /// How often it may write in a second.
    pub blkio_device_write_iops: Vec<ThrottleDevice>,
    /// The length of a CPU period, in microseconds.
    pub cpu_period: i64,
    /// Microseconds of CPU in each period.
    pub cpu_quota: i64,
    /// The length of a real-time period, in microseconds.
    pub cpu_realtime_period: i64,
    /// Microseconds of real-time CPU in each period.
    pub cpu_realtime_runtime: i64,
    /// The CPUs that it may use, as `0-3` or `0,1`.
    pub cpuset_cpus: String,
    /// The memory nodes that it may use, as `0-3` or `0,1`.
    pub cpuset_mems: String,
    /// Devices of the host.
    pub devices: Vec<DeviceMapping>,
    /// Rules for devices, such as `c 13:* rwm`.
    pub device_cgroup_rules: Vec<String>,
    /// Devices that a driver provides, such as GPUs.
    pub device_requests: Vec<DeviceRequest>,
    /// The limit of memory when that is scarce, in bytes.
    pub memory_reservation: i64,
    /// The limit of memory and swap together, in bytes; -1: swap without a limit.
    pub memory_swap: i64,
    /// How readily its memory is swapped: 0 to 100.
    pub memory_swappiness: Option<i64>,
    /// The limit of CPU, in billionths of one; none if 0.
    pub nano_cpus: i64,
    /// Whether the kernel may not kill it for want of memory.
    pub oom_kill_disable: Option<bool>,
    /// Whether an init runs in it, that forwards signals and reaps processes; the engine's choice if `None`.
    pub init: Option<bool>,
    /// The limit of processes; none if 0 or -1.
    pub pids_limit: Option<i64>,
    /// Limits of each process.
    pub ulimits: Vec<Ulimit>,
    /// How many CPUs it may use. Windows alone.
    pub cpu_count: i64,
    /// How many percent of the CPUs it may use. Windows alone.
    pub cpu_percent: i64,
    /// How often it may read or write its system drive in a second. Windows alone.
    pub io_maximum_iops: i64,
    /// How many bytes of its system drive it may read or write in a second. Windows alone.
    pub io_maximum_bandwidth: i64,
    /// The limit of kernel memory, in bytes. Until API 1.41.
    pub kernel_memory: i64,
    /// The limit of kernel TCP buffers, in bytes. Until API 1.51.
    pub kernel_memory_tcp: i64,
}

wire::object! {
    HostConfig {
        "Binds" => binds omit,
        "ContainerIDFile" => container_id_file omit,
        "LogConfig" => log_config omit,
        "NetworkMode" => network_mode omit,
        "PortBindings" => port_bindings omit,
        "RestartPolicy" => restart_policy omit,
        "AutoRemove" => auto_remove omit,
        "VolumeDriver" => volume_driver omit,
        "VolumesFrom" => volumes_from omit,
        "Mounts" => mounts omit,
        "ConsoleSize" => console_size omit,
        "Annotations" => annotations omit,
        "CapAdd" => cap_add omit,
        "CapDrop" => cap_drop omit,
        "CgroupnsMode" => cgroupns_mode omit,
        "Dns" => dns omit,
        "DnsOptions" => dns_options omit,
        "DnsSearch" => dns_search omit,
        "ExtraHosts" => extra_hosts omit,
        "GroupAdd" => group_add omit,
        "IpcMode" => ipc_mode omit,
        "Cgroup" => cgroup omit,
        "Links" => links omit,
        "OomScoreAdj" => oom_score_adj omit,
        "PidMode" => pid_mode omit,
        "Privileged" => privileged omit,
        "PublishAllPorts" => publish_all_ports omit,
        "ReadonlyRootfs" => readonly_rootfs omit,
        "SecurityOpt" => security_opt omit,
        "StorageOpt" => storage_opt omit,
        "Tmpfs" => tmpfs omit,
        "UTSMode" => uts_mode omit,
        "UsernsMode" => userns_mode omit,
        "ShmSize" => shm_size omit,
        "Sysctls" => sysctls omit,
        "Runtime" => runtime omit,
        "Isolation" => isolation omit,
        "MaskedPaths" => masked_paths omit,
        "ReadonlyPaths" => readonly_paths omit,
        "CpuShares" => cpu_shares omit,
        "Memory" => memory omit,
        "CgroupParent" => cgroup_parent omit,
        "BlkioWeight" => blkio_weight omit,
        "BlkioWeightDevice" => blkio_weight_device omit,
        "BlkioDeviceReadBps" => blkio_device_read_bps omit,
        "BlkioDeviceWriteBps" => blkio_device_write_bps omit,
        "BlkioDeviceReadIOps" => blkio_device_read_iops omit,
        "BlkioDeviceWriteIOps" => blkio_device_write_iops omit,
        "CpuPeriod" => cpu_period omit,
        "CpuQuota" => cpu_quota omit,
        "CpuRealtimePeriod" => cpu_realtime_period omit,
        "CpuRealtimeRuntime" => cpu_realtime_runtime omit,
        "CpusetCpus" => cpuset_cpus omit,
        "CpusetMems" => cpuset_mems omit,
        "Devices" => devices omit,
        "DeviceCgroupRules" => device_cgroup_rules omit,
        "DeviceRequests" => device_requests omit,
        "MemoryReservation" => memory_reservation omit,
        "MemorySwap" => memory_swap omit,
        "MemorySwappiness" => memory_swappiness omit,
        "NanoCpus" => nano_cpus omit,
        "OomKillDisable" => oom_kill_disable omit,
        "Init" => init omit,
        "PidsLimit" => pids_limit omit,
        "Ulimits" => ulimits omit,
        "CpuCount" => cpu_count omit,
        "CpuPercent" => cpu_percent omit,
        "IOMaximumIOps" => io_maximum_iops omit,
        "IOMaximumBandwidth" => io_maximum_bandwidth omit,
        "KernelMemory" => kernel_memory omit,
        "KernelMemoryTCP" => kernel_memory_tcp omit,
    }
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
