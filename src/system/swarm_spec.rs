//! The settings of a swarm.

use crate::wire::{Map, nanoseconds, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The settings of a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmSpec {
    /// Its name; always `default`.
    pub name: String,
    /// Its labels.
    pub labels: Map<String>,
    /// How tasks are kept.
    pub orchestration: Option<OrchestrationConfig>,
    /// How the managers agree.
    #[serde(deserialize_with = "null_to_default")]
    pub raft: RaftConfig,
    /// How agents report.
    pub dispatcher: Option<DispatcherConfig>,
    /// How certificates are issued.
    #[serde(rename = "CAConfig")]
    pub ca_config: Option<CaConfig>,
    /// How the managers' data is encrypted.
    #[serde(deserialize_with = "null_to_default")]
    pub encryption_config: EncryptionConfig,
    /// What tasks have if nothing else is said.
    #[serde(deserialize_with = "null_to_default")]
    pub task_defaults: TaskDefaults,
}

/// How a swarm keeps its tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrchestrationConfig {
    /// How many ended tasks are kept per instance or node; all of them if negative.
    pub task_history_retention_limit: Option<i64>,
}

/// How the managers of a swarm agree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RaftConfig {
    /// How many log entries there are between snapshots.
    #[serde(deserialize_with = "null_to_default")]
    pub snapshot_interval: u64,
    /// How many snapshots are kept beyond the newest.
    pub keep_old_snapshots: Option<u64>,
    /// How many log entries are kept after a snapshot, for managers that lag behind.
    #[serde(deserialize_with = "null_to_default")]
    pub log_entries_for_slow_followers: u64,
    /// After how many ticks (seconds, for now) without its leader a manager calls an election.
    #[serde(deserialize_with = "null_to_default")]
    pub election_tick: i64,
    /// How many ticks there are between the leader's heartbeats.
    #[serde(deserialize_with = "null_to_default")]
    pub heartbeat_tick: i64,
}

/// How the agents of a swarm report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DispatcherConfig {
    /// The time between two heartbeats of an agent.
    #[serde(with = "nanoseconds")]
    pub heartbeat_period: Option<Duration>,
}

/// How a swarm issues certificates. `Debug` does not show the key.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CaConfig {
    /// How long a node's certificate is good for.
    #[serde(with = "nanoseconds")]
    pub node_cert_expiry: Option<Duration>,
    /// The CAs outside of the swarm that are asked to sign.
    #[serde(rename = "ExternalCAs", deserialize_with = "null_to_empty")]
    pub external_cas: Vec<ExternalCa>,
    /// The certificate that signs those of the nodes, in PEM.
    #[serde(rename = "SigningCACert")]
    pub signing_ca_cert: String,
    /// The key that goes with it, in PEM.
    #[serde(rename = "SigningCAKey")]
    pub signing_ca_key: String,
    /// Another number makes the swarm replace its certificate and key.
    #[serde(deserialize_with = "null_to_default")]
    pub force_rotate: u64,
}

impl fmt::Debug for CaConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node_cert_expiry, external_cas, signing_ca_cert, signing_ca_key: _, force_rotate } = self;
        f.debug_struct("CaConfig")
            .field("node_cert_expiry", node_cert_expiry)
            .field("external_cas", external_cas)
            .field("signing_ca_cert", signing_ca_cert)
            .field("force_rotate", force_rotate)
            .finish_non_exhaustive()
    }
}

open_enum! {
    /// How an external CA is spoken to.
    pub enum ExternalCaProtocol {
        /// As CFSSL.
        Cfssl = "cfssl",
    }
}

/// A CA outside of the swarm. `Debug` shows the names of its options alone.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExternalCa {
    /// How it is spoken to.
    pub protocol: ExternalCaProtocol,
    /// Where it is.
    #[serde(rename = "URL")]
    pub url: String,
    /// What else the protocol needs.
    pub options: Map<String>,
    /// Its root certificate, in PEM; the swarm's own if empty.
    #[serde(rename = "CACert")]
    pub ca_cert: String,
}

impl fmt::Debug for ExternalCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, url, options, ca_cert } = self;
        f.debug_struct("ExternalCa")
            .field("protocol", protocol)
            .field("url", url)
            .field("options", &options.keys().collect::<Vec<_>>())
            .field("ca_cert", ca_cert)
            .finish()
    }
}

/// How the managers' data is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EncryptionConfig {
    /// Whether a manager must be unlocked by hand after a restart.
    pub auto_lock_managers: bool,
}

/// What the tasks of a swarm have if nothing else is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskDefaults {
    /// Where their output goes.
    pub log_driver: Option<TaskLogDriver>,
}

/// Where the output of tasks goes. `Debug` shows the names of its options alone.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskLogDriver {
    /// The log driver, such as `json-file`.
    pub name: String,
    /// What is set for it; may hold tokens.
    pub options: Map<String>,
}

impl fmt::Debug for TaskLogDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, options } = self;
        f.debug_struct("TaskLogDriver")
            .field("name", name)
            .field("options", &options.keys().collect::<Vec<_>>())
            .finish()
    }
}
