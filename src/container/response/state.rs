//! [`ContainerState`]: whether a container runs, since when, how it ended.

use super::Health;
use crate::Timestamp;
use crate::wire::{empty_is_none, go_time, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The state that a container is in.
    pub enum ContainerStatus {
        /// It was made and never started.
        Created = "created",
        /// It runs.
        Running = "running",
        /// Its processes are frozen.
        Paused = "paused",
        /// It ended, and its restart policy is about to start it again.
        Restarting = "restarting",
        /// It is being removed.
        Removing = "removing",
        /// It ended.
        Exited = "exited",
        /// Its removal failed; all that can be done is to remove it again.
        Dead = "dead",
    }
}

/// Whether a container runs, since when, how it ended.
#[allow(clippy::struct_excessive_bools, reason = "the API's own")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerState {
    /// The state in one word.
    pub status: ContainerStatus,
    /// Whether it runs; a paused and a restarting container do too.
    pub running: bool,
    /// Whether it is paused.
    pub paused: bool,
    /// Whether its restart policy is about to start it again.
    pub restarting: bool,
    /// Whether it was killed for want of memory.
    #[serde(rename = "OOMKilled")]
    pub oom_killed: bool,
    /// Whether its removal failed.
    pub dead: bool,
    /// The process id on the engine's host; 0 while it does not run.
    pub pid: i64,
    /// The exit code of the last run; 0 while it runs.
    pub exit_code: i64,
    /// Why it could not be started; `None` if it could.
    #[serde(with = "empty_is_none")]
    pub error: Option<String>,
    /// When it was started last.
    #[serde(deserialize_with = "go_time")]
    pub started_at: Option<Timestamp>,
    /// When it ended last.
    #[serde(deserialize_with = "go_time")]
    pub finished_at: Option<Timestamp>,
    /// What its health checks found; `None` if it has none.
    pub health: Option<Health>,
}
