//! What an engine is put together from: plugins, runtimes, containerd, the firewall.

use crate::wire::{Map, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The plugins of an engine, by type; only unmanaged ones (V1), and only those in use.
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

/// An OCI runtime that containers can run with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Runtime {
    /// Its binary: a path, or a name that the engine looks up in its `PATH`.
    pub path: String,
    /// The arguments that it is called with.
    #[serde(deserialize_with = "null_to_empty")]
    pub runtime_args: Vec<String>,
    /// What it says of itself, for people to read. Since API 1.44.
    pub status: Map<String>,
}

/// The commit that an external tool was built from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Commit {
    /// The commit, as the tool says it.
    #[serde(rename = "ID")]
    pub id: String,
    /// The commit that the engine was built to go with. Until API 1.48.
    pub expected: Option<String>,
}

/// The containerd that the engine uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerdInfo {
    /// Where its socket is.
    pub address: String,
    /// The namespaces in it that belong to the engine.
    #[serde(deserialize_with = "null_to_default")]
    pub namespaces: ContainerdNamespaces,
}

/// The namespaces in containerd that belong to the engine alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerdNamespaces {
    /// The containers' namespace: `moby`, with `<uid>.<gid>` behind it if user namespaces are remapped.
    pub containers: String,
    /// The plugins' namespace: `plugins.moby`, likewise.
    pub plugins: String,
}

/// The firewall that the engine writes its rules to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FirewallInfo {
    /// Its name: `iptables`, `nftables`, or one of these with `+firewalld`.
    pub driver: String,
    /// Pairs of a label and a value, for people to read.
    #[serde(deserialize_with = "null_to_empty")]
    pub info: Vec<[String; 2]>,
}

/// The node resource interface of the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NriInfo {
    /// Pairs of a label and a value, for people to read.
    #[serde(deserialize_with = "null_to_empty")]
    pub info: Vec<[String; 2]>,
}

/// A range that the subnets of new networks are taken from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AddressPool {
    /// The whole range in CIDR notation, such as `10.10.0.0/16`.
    pub base: String,
    /// The prefix length of the subnets that it is cut into, such as 24.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
}
