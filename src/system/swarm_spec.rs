//! [`SwarmSpec`]: the settings of a swarm.

use crate::wire::{Map, nanoseconds, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The settings of a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmSpec {
    /// The swarm's name, always `default`.
    pub name: String,
    /// The labels.
    pub labels: Map<String>,
    /// The orchestration settings.
    pub orchestration: Option<OrchestrationConfig>,
    /// The settings of the Raft consensus between managers.
    #[serde(deserialize_with = "null_to_default")]
    pub raft: RaftConfig,
    /// The settings of the dispatcher, which agents report to.
    pub dispatcher: Option<DispatcherConfig>,
    /// The settings of the certificate authority.
    #[serde(rename = "CAConfig")]
    pub ca_config: Option<CaConfig>,
    /// The encryption of the managers' data.
    #[serde(deserialize_with = "null_to_default")]
    pub encryption_config: EncryptionConfig,
    /// The defaults of tasks.
    #[serde(deserialize_with = "null_to_default")]
    pub task_defaults: TaskDefaults,
}

/// The orchestration settings of a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrchestrationConfig {
    /// The number of ended tasks kept per instance or node. Keeps all of them if negative.
    pub task_history_retention_limit: Option<i64>,
}

/// The settings of the Raft consensus between managers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RaftConfig {
    /// The number of log entries between snapshots.
    #[serde(deserialize_with = "null_to_default")]
    pub snapshot_interval: u64,
    /// The number of snapshots kept in addition to the newest.
    pub keep_old_snapshots: Option<u64>,
    /// The number of log entries kept after a snapshot, for managers that lag behind.
    #[serde(deserialize_with = "null_to_default")]
    pub log_entries_for_slow_followers: u64,
    /// The number of ticks (currently seconds) without a leader after which a manager calls an election.
    #[serde(deserialize_with = "null_to_default")]
    pub election_tick: i64,
    /// The number of ticks between the leader's heartbeats.
    #[serde(deserialize_with = "null_to_default")]
    pub heartbeat_tick: i64,
}

/// The settings of the dispatcher, which agents report to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DispatcherConfig {
    /// The interval between an agent's heartbeats.
    #[serde(with = "nanoseconds")]
    pub heartbeat_period: Option<Duration>,
}

/// The certificate authority of a swarm. `Debug` does not show the key.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CaConfig {
    /// The validity period of a node's certificate.
    #[serde(with = "nanoseconds")]
    pub node_cert_expiry: Option<Duration>,
    /// The external CAs that certificate signing requests are sent to.
    #[serde(rename = "ExternalCAs", deserialize_with = "null_to_empty")]
    pub external_cas: Vec<ExternalCa>,
    /// The certificate that signs the nodes' certificates, in PEM.
    #[serde(rename = "SigningCACert")]
    pub signing_ca_cert: String,
    /// The private key of that certificate, in PEM.
    #[serde(rename = "SigningCAKey")]
    pub signing_ca_key: String,
    /// A counter that makes the swarm replace its certificate and key when it changes.
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
    /// The protocol of an external CA.
    pub enum ExternalCaProtocol {
        /// CFSSL.
        Cfssl = "cfssl",
    }
}

/// An external CA. `Debug` shows only the names of its options.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExternalCa {
    /// The protocol.
    pub protocol: ExternalCaProtocol,
    /// The URL.
    #[serde(rename = "URL")]
    pub url: String,
    /// Further options of the protocol.
    pub options: Map<String>,
    /// The CA's root certificate, in PEM. Defaults to the swarm's own if empty.
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

/// The encryption of the managers' data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EncryptionConfig {
    /// Whether managers must be unlocked with a key after a restart.
    pub auto_lock_managers: bool,
}

/// The defaults of a swarm's tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskDefaults {
    /// The log driver.
    pub log_driver: Option<TaskLogDriver>,
}

/// A log driver of tasks, with its options. `Debug` shows only the names of the options.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskLogDriver {
    /// The log driver's name, such as `json-file`.
    pub name: String,
    /// The log driver's options. They may hold tokens.
    pub options: Map<String>,
}

impl TaskLogDriver {
    /// Creates a log driver with its default options.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), options: Map::new() }
    }

    /// Sets an option of the driver, such as `max-size` to `10m`.
    #[must_use]
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.insert(key, value.into());
        self
    }
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
