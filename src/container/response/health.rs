//! [`Health`]: what a container's health checks found.

use crate::Timestamp;
use crate::wire::{go_time, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// What a container's health checks found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Health {
    /// Whether it is healthy.
    pub status: HealthStatus,
    /// How many checks failed in a row.
    pub failing_streak: i64,
    /// The last checks, the oldest first; engines keep five.
    #[serde(deserialize_with = "null_to_empty")]
    pub log: Vec<HealthcheckResult>,
}

/// What one health check found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct HealthcheckResult {
    /// When it began.
    #[serde(deserialize_with = "go_time")]
    pub start: Option<Timestamp>,
    /// When it ended.
    #[serde(deserialize_with = "go_time")]
    pub end: Option<Timestamp>,
    /// 0: healthy; 1: unhealthy; 2: reserved, counts as unhealthy; others: the check itself went wrong.
    pub exit_code: i64,
    /// What the check printed; engines keep the first 4 KiB.
    pub output: String,
}

/// A container's health in a list. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct HealthSummary {
    /// Whether it is healthy.
    pub status: HealthStatus,
    /// How many checks failed in a row.
    pub failing_streak: i64,
}

open_enum! {
    /// Whether a container is healthy, by its health check.
    pub enum HealthStatus {
        /// It has no health check.
        None = "none",
        /// It is not ready yet.
        Starting = "starting",
        /// It works.
        Healthy = "healthy",
        /// Several checks failed in a row.
        Unhealthy = "unhealthy",
    }
}
