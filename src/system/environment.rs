//! What an engine is put together from: plugins, runtimes, containerd, the firewall.

use crate::wire::{self, Map};

/// The plugins of an engine, by type; only unmanaged ones (V1), and only those in use.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PluginsInfo {
    /// The volume drivers.
    pub volume: Vec<String>,
    /// The network drivers.
    pub network: Vec<String>,
    /// The authorization plugins.
    pub authorization: Vec<String>,
    /// The logging drivers.
    pub log: Vec<String>,
}

wire::object! {
    PluginsInfo {
        "Volume" => volume,
        "Network" => network,
        "Authorization" => authorization,
        "Log" => log,
    }
}

/// An OCI runtime that containers can run with.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Runtime {
    /// Its binary: a path, or a name that the engine looks up in its `PATH`.
    pub path: String,
    /// The arguments that it is called with.
    pub runtime_args: Vec<String>,
    /// What it says of itself, for people to read. Since API 1.44.
    pub status: Map<String>,
}

wire::object! {
    Runtime {
        "path" => path,
        "runtimeArgs" => runtime_args,
        "status" => status,
    }
}

/// The commit that an external tool was built from.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Commit {
    /// The commit, as the tool says it.
    pub id: String,
    /// The commit that the engine was built to go with. Until API 1.48.
    pub expected: Option<String>,
}

wire::object! {
    Commit {
        "ID" => id,
        "Expected" => expected,
    }
}

/// The containerd that the engine uses.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ContainerdInfo {
    /// Where its socket is.
    pub address: String,
    /// The namespaces in it that belong to the engine.
    pub namespaces: ContainerdNamespaces,
}

wire::object! {
    ContainerdInfo {
        "Address" => address,
        "Namespaces" => namespaces,
    }
}

/// The namespaces in containerd that belong to the engine alone.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ContainerdNamespaces {
    /// The containers' namespace: `moby`, with `<uid>.<gid>` behind it if user namespaces are remapped.
    pub containers: String,
    /// The plugins' namespace: `plugins.moby`, likewise.
    pub plugins: String,
}

wire::object! {
    ContainerdNamespaces {
        "Containers" => containers,
        "Plugins" => plugins,
    }
}

/// The firewall that the engine writes its rules to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct FirewallInfo {
    /// Its name: `iptables`, `nftables`, or one of these with `+firewalld`.
    pub driver: String,
    /// Pairs of a label and a value, for people to read.
    pub info: Vec<[String; 2]>,
}

wire::object! {
    FirewallInfo {
        "Driver" => driver,
        "Info" => info,
    }
}

/// The node resource interface of the engine.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NriInfo {
    /// Pairs of a label and a value, for people to read.
    pub info: Vec<[String; 2]>,
}

wire::object! {
    NriInfo {
        "Info" => info,
    }
}

/// A range that the subnets of new networks are taken from.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AddressPool {
    /// The whole range in CIDR notation, such as `10.10.0.0/16`.
    pub base: String,
    /// The prefix length of the subnets that it is cut into, such as 24.
    pub size: i64,
}

wire::object! {
    AddressPool {
        "Base" => base,
        "Size" => size,
    }
}
