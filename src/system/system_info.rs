//! The response of `GET /info`.

use super::{
    AddressPool, Commit, ContainerdInfo, DeviceInfo, FirewallInfo, GenericResource, NriInfo, PluginsInfo,
    RegistryServiceConfig, Runtime, SwarmInfo,
};
use crate::wire::{Map, Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The manager of the containers' cgroups.
    pub enum CgroupDriver {
        /// The engine.
        Cgroupfs = "cgroupfs",
        /// systemd.
        Systemd = "systemd",
        /// None: rootless mode without delegation.
        None = "none",
    }
}

open_enum! {
    /// The cgroup version of the host.
    pub enum CgroupVersion {
        /// Version 1: one hierarchy for each controller.
        V1 = "1",
        /// Version 2: the unified hierarchy.
        V2 = "2",
    }
}

open_enum! {
    /// The default isolation of Windows containers. Empty on other hosts.
    pub enum DefaultIsolation {
        /// The default of the host's edition.
        Default = "default",
        /// Hyper-V virtual machines.
        Hyperv = "hyperv",
        /// Processes of the host.
        Process = "process",
    }
}

/// An engine, its host and their capabilities.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SystemInfo {
    /// The engine's ID, in its own format.
    #[serde(rename = "ID")]
    pub id: String,
    /// The number of containers.
    #[serde(deserialize_with = "null_to_default")]
    pub containers: i64,
    /// The number of running containers.
    #[serde(deserialize_with = "null_to_default")]
    pub containers_running: i64,
    /// The number of paused containers.
    #[serde(deserialize_with = "null_to_default")]
    pub containers_paused: i64,
    /// The number of stopped containers.
    #[serde(deserialize_with = "null_to_default")]
    pub containers_stopped: i64,
    /// The number of images, tagged or not.
    #[serde(deserialize_with = "null_to_default")]
    pub images: i64,
    /// The storage driver, such as `overlay2` or `overlayfs`.
    pub driver: String,
    /// Pairs of label and value about the storage driver, in human-readable form.
    #[serde(deserialize_with = "null_to_empty")]
    pub driver_status: Vec<[String; 2]>,
    /// The directory of the engine's data.
    pub docker_root_dir: String,
    /// The plugins.
    #[serde(deserialize_with = "null_to_default")]
    pub plugins: PluginsInfo,
    /// Whether memory limits are supported.
    pub memory_limit: bool,
    /// Whether swap limits are supported.
    pub swap_limit: bool,
    /// Whether kernel memory limits are supported. Until API 1.41.
    pub kernel_memory: Option<bool>,
    /// Whether limits on the kernel's TCP memory are supported. Until API 1.51.
    #[serde(rename = "KernelMemoryTCP")]
    pub kernel_memory_tcp: Option<bool>,
    /// Whether setting the period of the CPU quota is supported.
    pub cpu_cfs_period: bool,
    /// Whether CPU quotas are supported.
    pub cpu_cfs_quota: bool,
    /// Whether CPU shares are supported.
    #[serde(rename = "CPUShares")]
    pub cpu_shares: bool,
    /// Whether binding containers to CPUs and memory nodes is supported.
    #[serde(rename = "CPUSet")]
    pub cpu_set: bool,
    /// Whether limits on the number of processes are supported.
    pub pids_limit: bool,
    /// Whether disabling the OOM killer is supported.
    pub oom_kill_disable: bool,
    /// Whether IPv4 forwarding is enabled on the host.
    #[serde(rename = "IPv4Forwarding")]
    pub ipv4_forwarding: bool,
    /// Whether bridged IPv4 traffic goes through iptables. Until API 1.49.
    pub bridge_nf_iptables: Option<bool>,
    /// Whether bridged IPv6 traffic goes through ip6tables. Until API 1.49.
    pub bridge_nf_ip6tables: Option<bool>,
    /// Whether the engine runs in debug mode.
    pub debug: bool,
    /// The number of open file descriptors of the engine. Reported in debug mode only.
    #[serde(deserialize_with = "null_to_default")]
    pub n_fd: i64,
    /// The number of goroutines of the engine. Reported in debug mode only.
    #[serde(deserialize_with = "null_to_default")]
    pub n_goroutines: i64,
    /// The host's current time.
    #[serde(deserialize_with = "go_time")]
    pub system_time: Option<Timestamp>,
    /// The default log driver, such as `json-file`.
    pub logging_driver: String,
    /// The manager of the containers' cgroups.
    pub cgroup_driver: CgroupDriver,
    /// The cgroup version of the host.
    pub cgroup_version: CgroupVersion,
    /// The number of clients listening to events.
    #[serde(deserialize_with = "null_to_default")]
    pub n_events_listener: i64,
    /// The host's kernel version.
    pub kernel_version: String,
    /// The host's operating system, such as `Ubuntu 24.04 LTS`.
    pub operating_system: String,
    /// The version of the operating system, such as `24.04`.
    #[serde(rename = "OSVersion")]
    pub os_version: String,
    /// The type of the operating system: `linux` or `windows`.
    #[serde(rename = "OSType")]
    pub os_type: String,
    /// The host's architecture as reported by `uname -m`: `x86_64`, not `amd64`.
    pub architecture: String,
    /// The number of CPUs that the engine can use, counted at its start.
    #[serde(rename = "NCPU", deserialize_with = "null_to_default")]
    pub n_cpu: i64,
    /// The host's total memory, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub mem_total: i64,
    /// The URL of the registry used for searches.
    pub index_server_address: String,
    /// The registry settings.
    pub registry_config: Option<RegistryServiceConfig>,
    /// The resources declared by the operator.
    #[serde(deserialize_with = "null_to_empty")]
    pub generic_resources: Vec<GenericResource>,
    /// The engine's HTTP proxy, with masked credentials.
    pub http_proxy: String,
    /// The engine's HTTPS proxy, with masked credentials.
    pub https_proxy: String,
    /// The domains that bypass the proxies, separated by commas.
    pub no_proxy: String,
    /// The host name.
    pub name: String,
    /// The engine's labels, as `key=value`.
    #[serde(deserialize_with = "null_to_empty")]
    pub labels: Vec<String>,
    /// Whether experimental features are enabled.
    pub experimental_build: bool,
    /// The engine's version.
    pub server_version: String,
    /// The URL of an external key-value store. Until API 1.41.
    pub cluster_store: Option<String>,
    /// The address that the engine advertises in the key-value store. Until API 1.41.
    pub cluster_advertise: Option<String>,
    /// The OCI runtimes, by name.
    pub runtimes: Map<Runtime>,
    /// The default OCI runtime.
    pub default_runtime: String,
    /// The engine's membership in a swarm.
    #[serde(deserialize_with = "null_to_default")]
    pub swarm: SwarmInfo,
    /// Whether containers keep running while the engine is down.
    pub live_restore_enabled: bool,
    /// The default isolation of Windows containers.
    #[serde(with = "empty_is_none")]
    pub isolation: Option<DefaultIsolation>,
    /// The init binary for containers, such as `docker-init`.
    pub init_binary: String,
    /// The Git commit of containerd.
    #[serde(deserialize_with = "null_to_default")]
    pub containerd_commit: Commit,
    /// The Git commit of runc.
    #[serde(deserialize_with = "null_to_default")]
    pub runc_commit: Commit,
    /// The Git commit of docker-init.
    #[serde(deserialize_with = "null_to_default")]
    pub init_commit: Commit,
    /// The enabled security features, such as `name=seccomp,profile=builtin`.
    #[serde(deserialize_with = "null_to_empty")]
    pub security_options: Vec<String>,
    /// The engine's product license.
    pub product_license: String,
    /// The address pools for the subnets of new networks, if the operator has set any.
    #[serde(deserialize_with = "null_to_empty")]
    pub default_address_pools: Vec<AddressPool>,
    /// The firewall backend. Linux only. Since API 1.49.
    pub firewall_backend: Option<FirewallInfo>,
    /// The devices found by device drivers. Since API 1.50.
    #[serde(deserialize_with = "null_to_empty")]
    pub discovered_devices: Vec<DeviceInfo>,
    /// The Node Resource Interface (NRI), if enabled. Since API 1.53.
    #[serde(rename = "NRI")]
    pub nri: Option<NriInfo>,
    /// Warnings about missing features or wrong settings, in human-readable form.
    #[serde(deserialize_with = "null_to_empty")]
    pub warnings: Vec<String>,
    /// The directories of CDI device specifications. Empty if CDI is disabled. Since API 1.44.
    #[serde(rename = "CDISpecDirs", deserialize_with = "null_to_empty")]
    pub cdi_spec_dirs: Vec<String>,
    /// The containerd that the engine uses. Since API 1.46.
    pub containerd: Option<ContainerdInfo>,
}

#[cfg(test)]
mod tests {
    use super::{CgroupVersion, SystemInfo};
    use serde_json::Value;

    /// Every field of any API version since 1.41.
    const ANSWER: &str = r#"{
        "ID": "7TRN:IPZB", "Containers": 14, "ContainersRunning": 3, "ContainersPaused": 1, "ContainersStopped": 10,
        "Images": 508, "Driver": "overlay2",
        "DriverStatus": [["Backing Filesystem", "extfs"], ["Supports d_type", "true"]],
        "DockerRootDir": "/var/lib/docker", "MemoryLimit": true, "SwapLimit": true, "KernelMemory": true,
        "Plugins": {"Volume": ["local"], "Network": ["bridge"], "Authorization": ["hbm"], "Log": ["json-file"]},
        "KernelMemoryTCP": true, "CpuCfsPeriod": true, "CpuCfsQuota": true, "CPUShares": true, "CPUSet": true,
        "PidsLimit": true, "OomKillDisable": true, "IPv4Forwarding": true, "BridgeNfIptables": true,
        "BridgeNfIp6tables": true, "Debug": true, "NFd": 64, "NGoroutines": 174,
        "SystemTime": "2026-08-08T20:28:29.06202363Z",
        "LoggingDriver": "json-file", "CgroupDriver": "systemd", "CgroupVersion": "2", "NEventsListener": 30,
        "KernelVersion": "6.8.0", "OperatingSystem": "Ubuntu 24.04 LTS", "OSVersion": "24.04", "OSType": "linux",
        "Architecture": "x86_64", "NCPU": 4, "MemTotal": 2095882240,
        "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": {
            "InsecureRegistryCIDRs": ["::1/128"], "Mirrors": ["https://m.example/"],
            "IndexConfigs": {"docker.io": {
                "Name": "docker.io", "Mirrors": ["https://m.example/"], "Secure": true, "Official": true
            }},
            "AllowNondistributableArtifactsCIDRs": ["::1/128"], "AllowNondistributableArtifactsHostnames": ["r.example"]
        },
        "GenericResources": [
            {"DiscreteResourceSpec": {"Kind": "SSD", "Value": 3}, "NamedResourceSpec": null},
            {"DiscreteResourceSpec": null, "NamedResourceSpec": {"Kind": "GPU", "Value": "UUID1"}}
        ],
        "HttpProxy": "http://p:80", "HttpsProxy": "https://p:443", "NoProxy": "*.local", "Name": "node5",
        "Labels": ["storage=ssd"], "ExperimentalBuild": true, "ServerVersion": "29.6.0", "ClusterStore": "consul://c",
        "ClusterAdvertise": "node5:8000", "DefaultRuntime": "runc", "LiveRestoreEnabled": true, "Isolation": "hyperv",
        "Runtimes": {"runc": {"path": "runc", "runtimeArgs": ["--debug"], "status": {"features": "{}"}}},
        "Swarm": {
            "NodeID": "k67q", "NodeAddr": "10.0.0.46", "LocalNodeState": "active", "ControlAvailable": true,
            "Error": "",
            "RemoteManagers": [{"NodeID": "71iz", "Addr": "10.0.0.158:2377"}], "Nodes": 4, "Managers": 3,
            "Cluster": {
                "ID": "abaj", "Version": {"Index": 18446744073709551615}, "CreatedAt": "2026-08-18T10:44:24.496525531Z",
                "UpdatedAt": "2026-08-19T07:09:37.632105588Z", "RootRotationInProgress": true, "DataPathPort": 4789,
                "DefaultAddrPool": ["10.10.0.0/16"], "SubnetSize": 24,
                "TLSInfo": {"TrustRoot": "PEM", "CertIssuerSubject": "MBMx", "CertIssuerPublicKey": "MFkw"},
                "Spec": {
                    "Name": "default", "Labels": {"a": "b"}, "Orchestration": {"TaskHistoryRetentionLimit": 10},
                    "Raft": {
                        "SnapshotInterval": 10000, "KeepOldSnapshots": 0, "LogEntriesForSlowFollowers": 500,
                        "ElectionTick": 3, "HeartbeatTick": 1
                    },
                    "Dispatcher": {"HeartbeatPeriod": 5000000000}, "EncryptionConfig": {"AutoLockManagers": true},
                    "CAConfig": {
                        "NodeCertExpiry": 7776000000000000, "SigningCACert": "PEM",
                        "SigningCAKey": "t0ps3cret", "ForceRotate": 1,
                        "ExternalCAs": [{
                            "Protocol": "cfssl", "URL": "https://ca", "Options": {"k": "t0ps3cret"}, "CACert": "PEM"
                        }]
                    },
                    "TaskDefaults": {"LogDriver": {"Name": "splunk", "Options": {"splunk-token": "t0ps3cret"}}}
                }
            }
        },
        "InitBinary": "docker-init", "ContainerdCommit": {"ID": "cfb8", "Expected": "2d41"},
        "RuncCommit": {"ID": "cfb8", "Expected": null}, "InitCommit": {"ID": "cfb8", "Expected": null},
        "SecurityOptions": ["name=seccomp,profile=builtin"], "ProductLicense": "Community Engine",
        "DefaultAddressPools": [{"Base": "10.10.0.0/16", "Size": 24}],
        "FirewallBackend": {"Driver": "nftables", "Info": [["ReloadedAt", "2026-01-01T00:00:00Z"]]},
        "DiscoveredDevices": [{"Source": "cdi", "ID": "vendor.com/gpu=0"}], "NRI": {"Info": [["plugin-path", "/opt"]]},
        "Warnings": ["WARNING: No memory limit support"], "CDISpecDirs": ["/etc/cdi"],
        "Containerd": {"Address": "/run/c.sock", "Namespaces": {"Containers": "moby", "Plugins": "plugins.moby"}}
    }"#;

    #[test]
    fn keeps_every_field_and_shows_no_secret() {
        let info: SystemInfo = serde_json::from_str(ANSWER).expect("an engine");
        assert_eq!((info.n_cpu, &info.cgroup_version), (4, &CgroupVersion::V2));
        let answer: Value = serde_json::from_str(ANSWER).expect("JSON");
        assert_eq!(serde_json::to_value(&info).expect("JSON"), answer);
        assert!(!format!("{info:?}").contains("t0ps3cret"));
    }

    #[test]
    fn bears_nulls() {
        let answer = r#"{"Labels":null,"Warnings":null,"GenericResources":null,"SecurityOptions":null,
            "Plugins":null,"Swarm":{"LocalNodeState":"inactive","RemoteManagers":null},"RegistryConfig":null,
            "DriverStatus":null,"Runtimes":null}"#;
        let info: SystemInfo = serde_json::from_str(answer).expect("an engine");
        assert!(info.labels.is_empty() && info.registry_config.is_none());
    }
}
