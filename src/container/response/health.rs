//! [`Health`]: the results of a container's health checks.

use crate::Timestamp;
use crate::wire::{go_time, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// The results of a container's health checks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Health {
    /// The health status.
    pub status: HealthStatus,
    /// The number of checks that failed in a row.
    pub failing_streak: i64,
    /// The last checks, oldest first. Engines keep five.
    #[serde(deserialize_with = "null_to_empty")]
    pub log: Vec<HealthcheckResult>,
}

/// The result of one health check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct HealthcheckResult {
    /// The time when the check began.
    #[serde(deserialize_with = "go_time")]
    pub start: Option<Timestamp>,
    /// The time when the check ended.
    #[serde(deserialize_with = "go_time")]
    pub end: Option<Timestamp>,
    /// The exit code. 0 means healthy, 1 unhealthy, 2 is reserved and counts as unhealthy. For any other value, running
    /// the check failed.
    pub exit_code: i64,
    /// The output of the check. Engines keep the first 4 KiB.
    pub output: String,
}

/// The health of a container in a list. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct HealthSummary {
    /// The health status.
    pub status: HealthStatus,
    /// The number of checks that failed in a row.
    pub failing_streak: i64,
}

open_enum! {
    /// The health status of a container, by its health check.
    pub enum HealthStatus {
        /// The container has no health check.
        None = "none",
        /// The container is not ready yet.
        Starting = "starting",
        /// The container works.
        Healthy = "healthy",
        /// Several checks in a row failed.
        Unhealthy = "unhealthy",
    }
}
