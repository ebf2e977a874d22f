//! [`ContainerState`]: the state of a container.

use super::Health;
use crate::Timestamp;
use crate::wire::{empty_is_none, go_time, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The state of a container in one word.
    pub enum ContainerStatus {
        /// Created, and never started.
        Created = "created",
        /// Running.
        Running = "running",
        /// Paused: its processes are frozen.
        Paused = "paused",
        /// Ended, and about to be started again by its restart policy.
        Restarting = "restarting",
        /// Being removed.
        Removing = "removing",
        /// Ended.
        Exited = "exited",
        /// Its removal failed. It can only be removed again.
        Dead = "dead",
    }
}

/// The state of a container: whether it is running, since when, and how it ended.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerState {
    /// The state in one word.
    pub status: ContainerStatus,
    /// Whether the container is running. Paused and restarting containers count as running.
    pub running: bool,
    /// Whether the container is paused.
    pub paused: bool,
    /// Whether the restart policy is about to start the container again.
    pub restarting: bool,
    /// Whether the kernel killed the container for lack of memory.
    #[serde(rename = "OOMKilled")]
    pub oom_killed: bool,
    /// Whether the removal of the container failed.
    pub dead: bool,
    /// The process ID on the engine's host; 0 unless the container is running.
    pub pid: i64,
    /// The exit code of the last run; 0 while the container is running.
    pub exit_code: i64,
    /// The reason why the container could not be started; `None` if it could.
    #[serde(with = "empty_is_none")]
    pub error: Option<String>,
    /// The time of the last start.
    #[serde(deserialize_with = "go_time")]
    pub started_at: Option<Timestamp>,
    /// The time of the last end.
    #[serde(deserialize_with = "go_time")]
    pub finished_at: Option<Timestamp>,
    /// The results of the health checks; `None` if the container has none.
    pub health: Option<Health>,
}
