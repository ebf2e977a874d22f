//! The response of `GET /tasks/{id}`.

use super::TaskSpec;
use crate::container::Protocol;
use crate::system::{GenericResource, ObjectVersion};
use crate::wire::{Map, Timestamp, empty_is_none, go_time, is_default, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A task of a swarm: a container on a node, or the attempt to run one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskInspect {
    /// The task's ID.
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
    /// The name. Empty for most tasks.
    pub name: String,
    /// The labels.
    pub labels: Map<String>,
    /// The specification.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: TaskSpec,
    /// The service's ID.
    #[serde(rename = "ServiceID")]
    pub service_id: String,
    /// The slot: the number of the replica within its service, from 1 on. `None` for a global service, and for the
    /// first task of a job.
    pub slot: Option<u64>,
    /// The ID of the assigned node; `None` until one is assigned.
    #[serde(rename = "NodeID", with = "empty_is_none")]
    pub node_id: Option<String>,
    /// The assigned resources, of those declared by the operator. Engines call them `GenericResources`, unlike the API's
    /// reference.
    #[serde(alias = "GenericResources", deserialize_with = "null_to_empty")]
    pub assigned_generic_resources: Vec<GenericResource>,
    /// The status.
    #[serde(deserialize_with = "null_to_default")]
    pub status: TaskStatus,
    /// The desired state.
    pub desired_state: TaskState,
    /// The iteration of the job; `None` if the service is not a job.
    pub job_iteration: Option<ObjectVersion>,
    /// The connected networks.
    #[serde(deserialize_with = "null_to_empty")]
    pub networks_attachments: Vec<NetworkAttachment>,
    /// The cluster volumes in use. Since API 1.42.
    #[serde(deserialize_with = "null_to_empty")]
    pub volumes: Vec<Value>,
}

open_enum! {
    /// The state of a task. States after [`Running`](Self::Running) are final.
    pub enum TaskState {
        /// The task was created.
        New = "new",
        /// Network addresses were allocated.
        Allocated = "allocated",
        /// The task waits for a node. [`TaskStatus::error`] states the reason if no node is suitable.
        Pending = "pending",
        /// A node was assigned.
        Assigned = "assigned",
        /// The node accepted the task.
        Accepted = "accepted",
        /// The node is preparing the task, such as pulling its image.
        Preparing = "preparing",
        /// The task is ready to start and waits for its turn.
        Ready = "ready",
        /// The task is starting, or not healthy yet.
        Starting = "starting",
        /// The task is running.
        Running = "running",
        /// The task exited with code 0.
        Complete = "complete",
        /// The swarm requested the task to shut down.
        Shutdown = "shutdown",
        /// The task failed.
        Failed = "failed",
        /// The node rejected the task.
        Rejected = "rejected",
        /// The task is being removed.
        Remove = "remove",
        /// The task's node is gone.
        Orphaned = "orphaned",
    }
}

impl TaskState {
    /// The position in the order of the states above.
    pub(crate) fn rank(&self) -> usize {
        const ORDER: [&str; 15] = [
            "new",
            "allocated",
            "pending",
            "assigned",
            "accepted",
            "preparing",
            "ready",
            "starting",
            "running",
            "complete",
            "shutdown",
            "failed",
            "rejected",
            "remove",
            "orphaned",
        ];
        ORDER.iter().position(|state| *state == self.as_str()).unwrap_or_default()
    }

    /// Returns whether the task has ended, successfully or not.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.rank() > Self::Running.rank()
    }
}

/// The status of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskStatus {
    /// The time of the last change.
    #[serde(deserialize_with = "go_time")]
    pub timestamp: Option<Timestamp>,
    /// The state.
    pub state: TaskState,
    /// Further details about the state, such as `started`.
    pub message: String,
    /// The error; `None` if there is none.
    #[serde(rename = "Err", with = "empty_is_none", skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The container; `None` until there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_status: Option<TaskContainer>,
    /// The ports published in host mode.
    #[serde(deserialize_with = "null_to_default")]
    pub port_status: PortStatus,
}

/// The container of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskContainer {
    /// The container's ID.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
    /// The process ID of the main process; 0 if there is none.
    #[serde(rename = "PID", deserialize_with = "null_to_default")]
    pub pid: i64,
    /// The exit code; 0 before the container has exited, -1 while it is being stopped.
    #[serde(deserialize_with = "null_to_default")]
    pub exit_code: i64,
}

/// The ports that a task has published in host mode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PortStatus {
    /// The ports. The same port may appear twice, for IPv4 and IPv6.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ports: Vec<PortConfig>,
}

open_enum! {
    /// The mode of a published port.
    pub enum PublishMode {
        /// The port is open on all nodes, which forward connections to a task. Only one service in the swarm can use
        /// it.
        Ingress = "ingress",
        /// The port is open on nodes that run a task, each for its own task.
        Host = "host",
    }
}

/// A published port.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PortConfig {
    /// An optional name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The protocol. Defaults to TCP.
    #[serde(skip_serializing_if = "is_default")]
    pub protocol: Protocol,
    /// The port in the container.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub target_port: u32,
    /// The port on the nodes. The engine chooses one if 0.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub published_port: u32,
    /// The mode. Defaults to ingress: the port is open on all nodes.
    #[serde(skip_serializing_if = "is_default")]
    pub publish_mode: PublishMode,
}

/// The connection of a task to a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkAttachment {
    /// The network.
    #[serde(deserialize_with = "null_to_default")]
    pub network: AttachedNetwork,
    /// The task's addresses on the network with their prefix length, such as `10.0.0.6/24`.
    #[serde(deserialize_with = "null_to_empty")]
    pub addresses: Vec<String>,
}

/// A network, as reported for a task. The API's reference documents the response of
/// [`Network::inspect`](crate::network::Network::inspect) here. Engines report the swarm's object instead.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AttachedNetwork {
    /// The network's ID.
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
    /// The specification.
    pub spec: Map<Value>,
    /// The state of the network driver.
    pub driver_state: Map<Value>,
    /// The options of the IPAM driver.
    #[serde(rename = "IPAMOptions")]
    pub ipam_options: Map<Value>,
}
