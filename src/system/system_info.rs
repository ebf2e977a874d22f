//! What `GET /info` answers.

use super::{
    AddressPool, Commit, ContainerdInfo, DeviceInfo, FirewallInfo, GenericResource, NriInfo, PluginsInfo,
    RegistryServiceConfig, Runtime, SwarmInfo,
};
use crate::wire::{Map, Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// What manages the cgroups of containers.
    pub enum CgroupDriver {
        /// The engine does.
        Cgroupfs = "cgroupfs",
        /// systemd does.
        Systemd = "systemd",
        /// Nothing does: rootless, without delegation.
        None = "none",
    }
}

open_enum! {
    /// Which cgroups the host has.
    pub enum CgroupVersion {
        /// One hierarchy for each controller.
        V1 = "1",
        /// The unified hierarchy.
        V2 = "2",
    }
}

open_enum! {
    /// How Windows containers are isolated if nothing else is said; empty on other hosts.
    pub enum DefaultIsolation {
        /// As the host's edition does it.
        Default = "default",
        /// In virtual machines.
        Hyperv = "hyperv",
        /// As processes of the host.
        Process = "process",
    }
}

/// An engine, its host and what they can do.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SystemInfo {
    /// The engine's id, in a format of its own.
    #[serde(rename = "ID")]
    pub id: String,
    /// How many containers there are.
    #[serde(deserialize_with = "null_to_default")]
    pub containers: i64,
    /// How many of them are running.
    #[serde(deserialize_with = "null_to_default")]
    pub containers_running: i64,
    /// How many of them are paused.
    #[serde(deserialize_with = "null_to_default")]
    pub containers_paused: i64,
    /// How many of them are stopped.
    #[serde(deserialize_with = "null_to_default")]
    pub containers_stopped: i64,
    /// How many images there are, tagged or not.
    #[serde(deserialize_with = "null_to_default")]
    pub images: i64,
    /// The storage driver, such as `overlay2` or `overlayfs`.
    pub driver: String,
    /// Pairs of a label and a value about the storage driver, for people to read.
    #[serde(deserialize_with = "null_to_empty")]
    pub driver_status: Vec<[String; 2]>,
    /// Where the engine keeps its data.
    pub docker_root_dir: String,
    /// The plugins.
    #[serde(deserialize_with = "null_to_default")]
    pub plugins: PluginsInfo,
    /// Whether memory can be limited.
    pub memory_limit: bool,
    /// Whether swap can be limited.
    pub swap_limit: bool,
    /// Whether kernel memory can be limited. Until API 1.41.
    pub kernel_memory: Option<bool>,
    /// Whether the kernel's TCP memory can be limited. Until API 1.51.
    #[serde(rename = "KernelMemoryTCP")]
    pub kernel_memory_tcp: Option<bool>,
    /// Whether the period of the CPU quota can be set.
    pub cpu_cfs_period: bool,
    /// Whether the CPU quota can be set.
    pub cpu_cfs_quota: bool,
    /// Whether CPU shares can be set.
    #[serde(rename = "CPUShares")]
    pub cpu_shares: bool,
    /// Whether containers can be bound to CPUs and memory nodes.
    #[serde(rename = "CPUSet")]
    pub cpu_set: bool,
    /// Whether the number of processes can be limited.
    pub pids_limit: bool,
    /// Whether the OOM killer can be turned off.
    pub oom_kill_disable: bool,
    /// Whether the host forwards IPv4.
    #[serde(rename = "IPv4Forwarding")]
    pub ipv4_forwarding: bool,
    /// Whether bridged IPv4 goes through iptables. Until API 1.49.
    pub bridge_nf_iptables: Option<bool>,
    /// Whether bridged IPv6 goes through ip6tables. Until API 1.49.
    pub bridge_nf_ip6tables: Option<bool>,
    /// Whether the engine runs in debug mode.
    pub debug: bool,
    /// How many file descriptors the engine has open; only in debug mode.
    #[serde(deserialize_with = "null_to_default")]
    pub n_fd: i64,
    /// How many goroutines the engine has; only in debug mode.
    #[serde(deserialize_with = "null_to_default")]
    pub n_goroutines: i64,
    /// The host's time.
    #[serde(deserialize_with = "go_time")]
    pub system_time: Option<Timestamp>,
    /// Where the output of containers goes if nothing else is said, such as `json-file`.
    pub logging_driver: String,
    /// What manages the cgroups.
    pub cgroup_driver: CgroupDriver,
    /// Which cgroups the host has.
    pub cgroup_version: CgroupVersion,
    /// How many callers listen to events.
    #[serde(deserialize_with = "null_to_default")]
    pub n_events_listener: i64,
    /// The host's kernel version.
    pub kernel_version: String,
    /// The host's operating system, such as `Ubuntu 24.04 LTS`.
    pub operating_system: String,
    /// The version of that, such as `24.04`.
    #[serde(rename = "OSVersion")]
    pub os_version: String,
    /// The kind of that: `linux` or `windows`.
    #[serde(rename = "OSType")]
    pub os_type: String,
    /// The host's architecture as `uname -m` says it: `x86_64`, not `amd64`.
    pub architecture: String,
    /// How many CPUs the engine can use; counted when it started.
    #[serde(rename = "NCPU", deserialize_with = "null_to_default")]
    pub n_cpu: i64,
    /// The host's memory, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub mem_total: i64,
    /// The registry that is searched, as a URL.
    pub index_server_address: String,
    /// How registries are reached.
    pub registry_config: Option<RegistryServiceConfig>,
    /// The resources that the operator has declared.
    #[serde(deserialize_with = "null_to_empty")]
    pub generic_resources: Vec<GenericResource>,
    /// The engine's HTTP proxy, its credentials masked.
    pub http_proxy: String,
    /// The engine's HTTPS proxy, its credentials masked.
    pub https_proxy: String,
    /// The domains that no proxy is used for, with commas between them.
    pub no_proxy: String,
    /// The host's name.
    pub name: String,
    /// The engine's own labels, as `key=value`.
    #[serde(deserialize_with = "null_to_empty")]
    pub labels: Vec<String>,
    /// Whether experimental features are on.
    pub experimental_build: bool,
    /// The engine's version.
    pub server_version: String,
    /// The URL of an external key-value store. Until API 1.41.
    pub cluster_store: Option<String>,
    /// The address that the engine advertises there. Until API 1.41.
    pub cluster_advertise: Option<String>,
    /// The OCI runtimes, by name.
    pub runtimes: Map<Runtime>,
    /// The runtime of containers that name none.
    pub default_runtime: String,
    /// The swarm that the engine is in.
    #[serde(deserialize_with = "null_to_default")]
    pub swarm: SwarmInfo,
    /// Whether containers go on running while the engine is down.
    pub live_restore_enabled: bool,
    /// How Windows containers are isolated.
    #[serde(with = "empty_is_none")]
    pub isolation: Option<DefaultIsolation>,
    /// The init binary that containers can have, such as `docker-init`.
    pub init_binary: String,
    /// What containerd was built from.
    #[serde(deserialize_with = "null_to_default")]
    pub containerd_commit: Commit,
    /// What runc was built from.
    #[serde(deserialize_with = "null_to_default")]
    pub runc_commit: Commit,
    /// What docker-init was built from.
    #[serde(deserialize_with = "null_to_default")]
    pub init_commit: Commit,
    /// The security features that are on, such as `name=seccomp,profile=builtin`.
    #[serde(deserialize_with = "null_to_empty")]
    pub security_options: Vec<String>,
    /// What licence the engine has.
    pub product_license: String,
    /// The ranges that the subnets of new networks are taken from, if the operator has set any.
    #[serde(deserialize_with = "null_to_empty")]
    pub default_address_pools: Vec<AddressPool>,
    /// The firewall; Linux alone. Since API 1.49.
    pub firewall_backend: Option<FirewallInfo>,
    /// The devices that drivers have found. Since API 1.50.
    #[serde(deserialize_with = "null_to_empty")]
    pub discovered_devices: Vec<DeviceInfo>,
    /// The node resource interface, if it is on. Since API 1.53.
    #[serde(rename = "NRI")]
    pub nri: Option<NriInfo>,
    /// What is missing or wrong, for people to read.
    #[serde(deserialize_with = "null_to_empty")]
    pub warnings: Vec<String>,
    /// Where CDI device specifications lie; `None` if CDI is off. Since API 1.44.
    #[serde(rename = "CDISpecDirs", deserialize_with = "null_to_empty")]
    pub cdi_spec_dirs: Vec<String>,
    /// The containerd that the engine uses. Since API 1.46.
    pub containerd: Option<ContainerdInfo>,
}

#[cfg(test)]
mod tests {
    use super::{CgroupVersion, SystemInfo};
    use serde_json::Value;

    /// Every field that any API since 1.41 has.
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
