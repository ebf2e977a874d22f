//! The engine's environment: plugins, runtimes, containerd, the firewall.

use crate::wire::{Map, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The plugins of an engine, by type. Only unmanaged (V1) plugins, and only those in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginsInfo {
    /// The volume drivers.
    #[serde(deserialize_with = "null_to_empty")]
    pub volume: Vec<String>,
    /// The network drivers.
    #[serde(deserialize_with = "null_to_empty")]
    pub network: Vec<String>,
    /// The authorization plugins.
    #[serde(deserialize_with = "null_to_empty")]
    pub authorization: Vec<String>,
    /// The logging drivers.
    #[serde(deserialize_with = "null_to_empty")]
    pub log: Vec<String>,
}

/// An OCI runtime for containers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Runtime {
    /// The runtime's binary: a path, or a name that the engine looks up in its `PATH`.
    pub path: String,
    /// The command-line arguments passed to the runtime.
    #[serde(deserialize_with = "null_to_empty")]
    pub runtime_args: Vec<String>,
    /// Details reported by the runtime, in human-readable form. Since API 1.44.
    pub status: Map<String>,
}

/// The Git commit of an external tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Commit {
    /// The commit, as reported by the tool.
    #[serde(rename = "ID")]
    pub id: String,
    /// The commit that the engine expects. Until API 1.48.
    pub expected: Option<String>,
}

/// The containerd that the engine uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerdInfo {
    /// The address of its socket.
    pub address: String,
    /// The namespaces in containerd that belong to the engine.
    #[serde(deserialize_with = "null_to_default")]
    pub namespaces: ContainerdNamespaces,
}

/// The namespaces in containerd that belong to the engine alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerdNamespaces {
    /// The namespace of containers: `moby`, followed by `<uid>.<gid>` if user namespaces are remapped.
    pub containers: String,
    /// The namespace of plugins: `plugins.moby`, followed by `<uid>.<gid>` if user namespaces are remapped.
    pub plugins: String,
}

/// The firewall backend of the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FirewallInfo {
    /// The backend's name: `iptables`, `nftables`, or one of these with `+firewalld`.
    pub driver: String,
    /// Pairs of label and value, in human-readable form.
    #[serde(deserialize_with = "null_to_empty")]
    pub info: Vec<[String; 2]>,
}

/// The Node Resource Interface (NRI) of the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NriInfo {
    /// Pairs of label and value, in human-readable form.
    #[serde(deserialize_with = "null_to_empty")]
    pub info: Vec<[String; 2]>,
}

/// An address pool for the subnets of new networks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AddressPool {
    /// The range of the pool in CIDR notation, such as `10.10.0.0/16`.
    pub base: String,
    /// The prefix length of the subnets taken from the pool, such as 24.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
}
