//! The response of `GET /services/{id}`.

use super::{EndpointSpec, ServiceSpec};
use crate::system::ObjectVersion;
use crate::task::PortConfig;
use crate::wire::{Timestamp, empty_is_none, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// A service of a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceInspect {
    /// The service's ID.
    #[serde(rename = "ID")]
    pub id: String,
    /// The version of this object. The orchestrator updates services too, so the version changes several times during
    /// an update.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// The time of the last update.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// The specification.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: ServiceSpec,
    /// The specification before the last update, used by a rollback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_spec: Option<Box<ServiceSpec>>,
    /// The endpoint.
    #[serde(deserialize_with = "null_to_default")]
    pub endpoint: ServiceEndpoint,
    /// The status of the last rolling update; `None` if the last change needed none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_status: Option<UpdateStatus>,
    /// The task counts. Only present in [lists](super::List::status), if requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_status: Option<ServiceStatus>,
    /// The status of a job; `None` for other services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_status: Option<JobStatus>,
}

/// The endpoint of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceEndpoint {
    /// The requested endpoint.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: EndpointSpec,
    /// The published ports, including those chosen by the engine.
    #[serde(deserialize_with = "null_to_empty")]
    pub ports: Vec<PortConfig>,
    /// The virtual IP addresses on each network.
    #[serde(rename = "VirtualIPs", deserialize_with = "null_to_empty")]
    pub virtual_ips: Vec<VirtualIp>,
}

/// The virtual IP address of a service on a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VirtualIp {
    /// The network's ID.
    #[serde(rename = "NetworkID")]
    pub network_id: String,
    /// The address with its prefix length, such as `10.0.0.5/24`.
    pub addr: String,
}

open_enum! {
    /// The state of a rolling update.
    pub enum UpdateState {
        /// The update is in progress.
        Updating = "updating",
        /// The update was paused because tasks failed.
        Paused = "paused",
        /// All tasks are updated.
        Completed = "completed",
        /// The service is being rolled back to its previous specification.
        RollbackStarted = "rollback_started",
        /// The rollback was paused because tasks failed.
        RollbackPaused = "rollback_paused",
        /// The service is back at its previous specification.
        RollbackCompleted = "rollback_completed",
    }
}

/// The status of a rolling update.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateStatus {
    /// The state.
    pub state: UpdateState,
    /// The start of the update.
    #[serde(deserialize_with = "go_time", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// The end of the update.
    #[serde(deserialize_with = "go_time", skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// Further details about the state, such as which task failed.
    #[serde(with = "empty_is_none", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The task counts of a service.
///
/// Equal counts prove nothing during an update: old tasks that are shutting down are counted as running too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceStatus {
    /// The number of running tasks.
    #[serde(deserialize_with = "null_to_default")]
    pub running_tasks: u64,
    /// The desired number of running tasks.
    #[serde(deserialize_with = "null_to_default")]
    pub desired_tasks: u64,
    /// The number of completed tasks of a job.
    #[serde(deserialize_with = "null_to_default")]
    pub completed_tasks: u64,
}

/// The status of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct JobStatus {
    /// The iteration of the job. Each update starts a new one.
    #[serde(deserialize_with = "null_to_default")]
    pub job_iteration: ObjectVersion,
    /// The start of the last iteration.
    #[serde(deserialize_with = "go_time", skip_serializing_if = "Option::is_none")]
    pub last_execution: Option<Timestamp>,
}
