//! What an engine says of the swarm that it is in.

use super::SwarmSpec;
use crate::wire::{Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// How an engine stands to swarms.
    pub enum LocalNodeState {
        /// It is in none.
        Inactive = "inactive",
        /// It is joining one.
        Pending = "pending",
        /// It is in one.
        Active = "active",
        /// It is in one and something is wrong: see [`SwarmInfo::error`].
        Error = "error",
        /// It is in one whose keys must be unlocked first.
        Locked = "locked",
    }
}

/// How an engine takes part in a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmInfo {
    /// The id of this node in the swarm; empty outside of one.
    #[serde(rename = "NodeID", with = "empty_is_none")]
    pub node_id: Option<String>,
    /// The address that other nodes reach this one at.
    #[serde(with = "empty_is_none")]
    pub node_addr: Option<String>,
    /// Whether it is in a swarm.
    pub local_node_state: LocalNodeState,
    /// Whether it is a manager.
    pub control_available: bool,
    /// What is wrong; `None` if nothing is.
    #[serde(with = "empty_is_none")]
    pub error: Option<String>,
    /// The managers of the swarm.
    #[serde(deserialize_with = "null_to_empty")]
    pub remote_managers: Vec<PeerNode>,
    /// How many nodes the swarm has; only managers know.
    pub nodes: Option<i64>,
    /// How many of them are managers; only managers know.
    pub managers: Option<i64>,
    /// The swarm; only managers know.
    pub cluster: Option<ClusterInfo>,
}

/// Another node of the swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PeerNode {
    /// Its id.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// Its address and port.
    pub addr: String,
}

/// A swarm, without its join tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterInfo {
    /// Its id.
    #[serde(rename = "ID")]
    pub id: String,
    /// Which version of it this is.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// When it was made.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// Its settings.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: SwarmSpec,
    /// The certificates that its nodes trust.
    #[serde(rename = "TLSInfo", deserialize_with = "null_to_default")]
    pub tls_info: TlsInfo,
    /// Whether its root CA is being replaced right now.
    pub root_rotation_in_progress: bool,
    /// The UDP port for data between nodes; 0 is 4789.
    #[serde(deserialize_with = "null_to_default")]
    pub data_path_port: u32,
    /// The ranges that subnets of overlay networks are taken from, in CIDR notation.
    #[serde(deserialize_with = "null_to_empty")]
    pub default_addr_pool: Vec<String>,
    /// The prefix length of these subnets.
    #[serde(deserialize_with = "null_to_default")]
    pub subnet_size: u32,
}

/// The version of an object of the swarm, which an update of it must name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ObjectVersion {
    /// The number that goes up with each change.
    #[serde(deserialize_with = "null_to_default")]
    pub index: u64,
}

/// The root CA of a swarm and who issues its nodes' certificates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TlsInfo {
    /// The root CA certificates, in PEM.
    pub trust_root: String,
    /// The issuer's raw subject, in url-safe base64.
    pub cert_issuer_subject: String,
    /// The issuer's raw public key, in url-safe base64.
    pub cert_issuer_public_key: String,
}
