//! [`ServiceMode`]: the number of a service's tasks, and whether they run to completion.

use crate::wire::{null_to_default, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// A service mode, to [filter](super::List::mode) lists by.
    pub enum ServiceModeKind {
        /// A given number of tasks.
        Replicated = "replicated",
        /// One task on each node.
        Global = "global",
        /// A given number of tasks that run to completion.
        ReplicatedJob = "replicated-job",
        /// One task on each node that runs to completion.
        GlobalJob = "global-job",
    }
}

/// The mode of a service: the number of its tasks, and whether they run to completion. Exactly one of the four fields
/// is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ServiceMode {
    /// A given number of tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicated: Option<ReplicatedService>,
    /// One task on each node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global: Option<GlobalService>,
    /// A given number of tasks that run to completion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicated_job: Option<ReplicatedJob>,
    /// One task on each node that runs to completion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global_job: Option<GlobalJob>,
}

impl ServiceMode {
    /// Creates the mode of a service with this number of tasks.
    pub(crate) fn replicated(replicas: u64) -> Self {
        Self { replicated: Some(ReplicatedService { replicas: Some(replicas) }), ..Self::default() }
    }

    /// Returns whether each node has a task.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.global.is_some() || self.global_job.is_some()
    }

    /// Returns whether the tasks run to completion.
    #[must_use]
    pub fn is_job(&self) -> bool {
        self.replicated_job.is_some() || self.global_job.is_some()
    }
}

/// A service with a given number of tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReplicatedService {
    /// The number of tasks. Defaults to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u64>,
}

/// A service with one task on each node. It has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GlobalService {}

/// A service with a given number of tasks that run to completion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReplicatedJob {
    /// The number of tasks that run at the same time. Defaults to 1.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_to_default")]
    pub max_concurrent: Option<u64>,
    /// The total number of tasks. Defaults to `max_concurrent`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_to_default")]
    pub total_completions: Option<u64>,
}

/// A service with one task on each node that runs to completion. It has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GlobalJob {}
