//! [`Health`]: what a container's health checks found.

use crate::Timestamp;
use crate::wire::{self, open_enum};

/// What a container's health checks found.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Health {
    /// Whether it is healthy.
    pub status: HealthStatus,
    /// How many checks failed in a row.
    pub failing_streak: i64,
    /// The last checks, the oldest first; engines keep five.
    pub log: Vec<HealthcheckResult>,
}

wire::object! {
    Health {
        "Status" => status,
        "FailingStreak" => failing_streak,
        "Log" => log,
    }
}

/// What one health check found.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HealthcheckResult {
    /// When it began.
    pub start: Option<Timestamp>,
    /// When it ended.
    pub end: Option<Timestamp>,
    /// 0: healthy; 1: unhealthy; 2: reserved, counts as unhealthy; others: the check itself went wrong.
    pub exit_code: i64,
    /// What the check printed; engines keep the first 4 KiB.
    pub output: String,
}

wire::object! {
    HealthcheckResult {
        "Start" => start,
        "End" => end,
        "ExitCode" => exit_code,
        "Output" => output,
    }
}

/// A container's health in a list. Since API 1.52.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HealthSummary {
    /// Whether it is healthy.
    pub status: HealthStatus,
    /// How many checks failed in a row.
    pub failing_streak: i64,
}

wire::object! {
    HealthSummary {
        "Status" => status,
        "FailingStreak" => failing_streak,
    }
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
