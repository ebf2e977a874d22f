//! The engine's view of its swarm.

use super::SwarmSpec;
use crate::wire::{Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The state of an engine with regard to swarms.
    pub enum LocalNodeState {
        /// The engine is not part of a swarm.
        Inactive = "inactive",
        /// The engine is joining a swarm.
        Pending = "pending",
        /// The engine is part of a swarm.
        Active = "active",
        /// The engine is part of a swarm, but in an error state: see [`SwarmInfo::error`].
        Error = "error",
        /// The engine is part of a swarm, but must be unlocked first.
        Locked = "locked",
    }
}

/// The engine's membership in a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmInfo {
    /// The ID of this node in the swarm; `None` outside of a swarm.
    #[serde(rename = "NodeID", with = "empty_is_none")]
    pub node_id: Option<String>,
    /// The address at which other nodes reach this one.
    #[serde(with = "empty_is_none")]
    pub node_addr: Option<String>,
    /// The state of the membership.
    pub local_node_state: LocalNodeState,
    /// Whether the engine is a manager.
    pub control_available: bool,
    /// The error of a membership that failed; `None` otherwise.
    #[serde(with = "empty_is_none")]
    pub error: Option<String>,
    /// The managers of the swarm.
    #[serde(deserialize_with = "null_to_empty")]
    pub remote_managers: Vec<PeerNode>,
    /// The number of nodes in the swarm. Reported by managers only.
    pub nodes: Option<i64>,
    /// The number of managers in the swarm. Reported by managers only.
    pub managers: Option<i64>,
    /// The swarm. Reported by managers only.
    pub cluster: Option<ClusterInfo>,
}

/// Another node of the swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PeerNode {
    /// The node's ID.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// The node's address and port.
    pub addr: String,
}

/// A swarm, without its join tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterInfo {
    /// The swarm's ID.
    #[serde(rename = "ID")]
    pub id: String,
    /// The version of this object.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// The time of the last update.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// The settings.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: SwarmSpec,
    /// The root CA that the nodes trust.
    #[serde(rename = "TLSInfo", deserialize_with = "null_to_default")]
    pub tls_info: TlsInfo,
    /// Whether a rotation of the root CA is in progress.
    pub root_rotation_in_progress: bool,
    /// The UDP port for data traffic between nodes. 0 means the default, 4789.
    #[serde(deserialize_with = "null_to_default")]
    pub data_path_port: u32,
    /// The address pools for the subnets of overlay networks, in CIDR notation.
    #[serde(deserialize_with = "null_to_empty")]
    pub default_addr_pool: Vec<String>,
    /// The prefix length of these subnets.
    #[serde(deserialize_with = "null_to_default")]
    pub subnet_size: u32,
}

/// The version of a swarm object. An update must name the version it is based on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ObjectVersion {
    /// The cluster's log index at the object's last write. It grows with each change, but not by one.
    #[serde(deserialize_with = "null_to_default")]
    pub index: u64,
}

/// The root CA of a swarm, and the issuer of its node certificates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TlsInfo {
    /// The root CA certificates, in PEM.
    pub trust_root: String,
    /// The issuer's raw subject, in URL-safe base64.
    pub cert_issuer_subject: String,
    /// The issuer's raw public key, in URL-safe base64.
    pub cert_issuer_public_key: String,
}
