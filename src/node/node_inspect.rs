//! The response of `GET /nodes/{id}`.

use super::NodeSpec;
use crate::system::{GenericResource, ObjectVersion, TlsInfo};
use crate::wire::{Map, Timestamp, empty_is_none, go_time, is_default, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// A node of a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NodeInspect {
    /// The node's ID.
    #[serde(rename = "ID")]
    pub id: String,
    /// The version of this object.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// The time when the node joined the swarm.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// The time of the last update.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// The specification: the part that can be updated.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: NodeSpec,
    /// The node's description of itself.
    #[serde(deserialize_with = "null_to_default")]
    pub description: NodeDescription,
    /// The node's status.
    #[serde(deserialize_with = "null_to_default")]
    pub status: NodeStatus,
    /// The status as a manager; `None` for a worker.
    pub manager_status: Option<ManagerStatus>,
}

/// A node's description of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NodeDescription {
    /// The host name.
    pub hostname: String,
    /// The platform.
    #[serde(deserialize_with = "null_to_default")]
    pub platform: NodePlatform,
    /// The available resources.
    #[serde(deserialize_with = "null_to_default")]
    pub resources: Resources,
    /// The engine.
    #[serde(deserialize_with = "null_to_default")]
    pub engine: EngineDescription,
    /// The root CA that the node trusts.
    #[serde(rename = "TLSInfo", deserialize_with = "null_to_default")]
    pub tls_info: TlsInfo,
}

/// The platform of a node or an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NodePlatform {
    /// The architecture, such as `x86_64` (for a node) or `amd64` (for an image).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub architecture: String,
    /// The operating system, such as `linux`.
    #[serde(rename = "OS", skip_serializing_if = "String::is_empty")]
    pub os: String,
}

/// The resources that a node offers or a task requires.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Resources {
    /// CPU time, in billionths of a CPU.
    #[serde(rename = "NanoCPUs", skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub nano_cpus: i64,
    /// Memory, in bytes.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub memory_bytes: i64,
    /// Resources declared by the operator, such as `GPU=UUID1` or `SSD=3`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub generic_resources: Vec<GenericResource>,
}

/// The engine of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EngineDescription {
    /// The engine's version.
    pub engine_version: String,
    /// The engine's labels.
    pub labels: Map<String>,
    /// The engine's plugins.
    #[serde(deserialize_with = "null_to_empty")]
    pub plugins: Vec<EnginePlugin>,
}

/// A plugin of a node's engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EnginePlugin {
    /// The type, such as `Log`, `Network` or `Volume`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The name.
    pub name: String,
}

open_enum! {
    /// The state of a node.
    pub enum NodeState {
        /// The managers no longer receive the node's heartbeats.
        Down = "down",
        /// The node is available.
        Ready = "ready",
        /// The node has left, or lost its connection.
        Disconnected = "disconnected",
    }
}

/// The status of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NodeStatus {
    /// The state.
    pub state: NodeState,
    /// Further details about the state.
    #[serde(with = "empty_is_none")]
    pub message: Option<String>,
    /// The node's address.
    #[serde(with = "empty_is_none")]
    pub addr: Option<String>,
}

open_enum! {
    /// The reachability of a manager.
    pub enum Reachability {
        /// Other managers cannot reach it.
        Unreachable = "unreachable",
        /// Other managers can reach it.
        Reachable = "reachable",
    }
}

/// The status of a node as a manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManagerStatus {
    /// Whether the node is the leader.
    pub leader: bool,
    /// Whether other managers can reach the node.
    pub reachability: Reachability,
    /// The address and port at which other managers reach the node.
    pub addr: String,
}
