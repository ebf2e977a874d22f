//! What an engine says of the swarm that it is in.

use super::SwarmSpec;
use crate::wire::{self, Timestamp, open_enum};

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
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SwarmInfo {
    /// The id of this node in the swarm; empty outside of one.
    pub node_id: String,
    /// The address that other nodes reach this one at.
    pub node_addr: String,
    /// Whether it is in a swarm.
    pub local_node_state: LocalNodeState,
    /// Whether it is a manager.
    pub control_available: bool,
    /// What is wrong; empty if nothing is.
    pub error: String,
    /// The managers of the swarm.
    pub remote_managers: Vec<PeerNode>,
    /// How many nodes the swarm has; only managers know.
    pub nodes: Option<i64>,
    /// How many of them are managers; only managers know.
    pub managers: Option<i64>,
    /// The swarm; only managers know.
    pub cluster: Option<ClusterInfo>,
}

wire::object! {
    SwarmInfo {
        "NodeID" => node_id,
        "NodeAddr" => node_addr,
        "LocalNodeState" => local_node_state,
        "ControlAvailable" => control_available,
        "Error" => error,
        "RemoteManagers" => remote_managers,
        "Nodes" => nodes,
        "Managers" => managers,
        "Cluster" => cluster,
    }
}

/// Another node of the swarm.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PeerNode {
    /// Its id.
    pub node_id: String,
    /// Its address and port.
    pub addr: String,
}

wire::object! {
    PeerNode {
        "NodeID" => node_id,
        "Addr" => addr,
    }
}

/// A swarm, without its join tokens.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ClusterInfo {
    /// Its id.
    pub id: String,
    /// Which version of it this is.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// Its settings.
    pub spec: SwarmSpec,
    /// The certificates that its nodes trust.
    pub tls_info: TlsInfo,
    /// Whether its root CA is being replaced right now.
    pub root_rotation_in_progress: bool,
    /// The UDP port for data between nodes; 0 is 4789.
    pub data_path_port: u32,
    /// The ranges that subnets of overlay networks are taken from, in CIDR notation.
    pub default_addr_pool: Vec<String>,
    /// The prefix length of these subnets.
    pub subnet_size: u32,
}

wire::object! {
    ClusterInfo {
        "ID" => id,
        "Version" => version,
        "CreatedAt" => created_at,
        "UpdatedAt" => updated_at,
        "Spec" => spec,
        "TLSInfo" => tls_info,
        "RootRotationInProgress" => root_rotation_in_progress,
        "DataPathPort" => data_path_port,
        "DefaultAddrPool" => default_addr_pool,
        "SubnetSize" => subnet_size,
    }
}

/// The version of an object of the swarm, which an update of it must name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ObjectVersion {
    /// The number that goes up with each change.
    pub index: u64,
}

wire::object! {
    ObjectVersion {
        "Index" => index,
    }
}

/// The root CA of a swarm and who issues its nodes' certificates.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TlsInfo {
    /// The root CA certificates, in PEM.
    pub trust_root: String,
    /// The issuer's raw subject, in url-safe base64.
    pub cert_issuer_subject: String,
    /// The issuer's raw public key, in url-safe base64.
    pub cert_issuer_public_key: String,
}

wire::object! {
    TlsInfo {
        "TrustRoot" => trust_root,
        "CertIssuerSubject" => cert_issuer_subject,
        "CertIssuerPublicKey" => cert_issuer_public_key,
    }
}
