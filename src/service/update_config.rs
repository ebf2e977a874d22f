//! [`UpdateConfig`]: the settings of rolling updates and rollbacks.

use crate::GoDuration;
use crate::wire::{is_default, nanoseconds, null_to_default, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::time::Duration;

open_enum! {
    /// The action to take when tasks of an update fail.
    pub enum FailureAction {
        /// Continues the update.
        Continue = "continue",
        /// Pauses the update, with some tasks updated and others not.
        Pause = "pause",
        /// Rolls the service back. Not available for rollbacks.
        Rollback = "rollback",
    }
}

open_enum! {
    /// The order of stopping the old task and starting the new one.
    pub enum UpdateOrder {
        /// Stops the old task first.
        StopFirst = "stop-first",
        /// Starts the new task first. Both run for a while.
        StartFirst = "start-first",
    }
}

/// The settings of a rolling update or a rollback.
///
/// [`UpdateConfig::default`] equals the engine's defaults: one task at a time, stopping the old task first, and pausing
/// on failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateConfig {
    /// The number of tasks replaced at a time. 0 replaces all at once.
    #[serde(default, deserialize_with = "null_to_default")]
    pub parallelism: u64,
    /// The delay between two replacements.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub delay: Option<Duration>,
    /// The action to take when tasks fail.
    #[serde(default, skip_serializing_if = "is_default")]
    pub failure_action: FailureAction,
    /// The time for which each new task is monitored for failures. Defaults to 5 seconds.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub monitor: Option<Duration>,
    /// The tolerated ratio of failed tasks, from 0 to 1.
    #[serde(default, deserialize_with = "null_to_default")]
    pub max_failure_ratio: f32,
    /// The order of stopping the old task and starting the new one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub order: UpdateOrder,
    /// Errors of setters whose argument cannot be parsed, such as a delay of `5x`. Creating or updating the service
    /// fails with the first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

impl Default for UpdateConfig {
    /// A missing `Parallelism` would mean 0, which replaces all tasks at once.
    fn default() -> Self {
        Self {
            parallelism: 1,
            delay: None,
            failure_action: FailureAction::Pause,
            monitor: None,
            max_failure_ratio: 0.0,
            order: UpdateOrder::StopFirst,
            invalid: Vec::new(),
        }
    }
}

impl UpdateConfig {
    /// Returns the engine's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of tasks replaced at a time. 0 replaces all at once. Defaults to 1.
    #[must_use]
    pub fn parallelism(mut self, tasks: u64) -> Self {
        self.parallelism = tasks;
        self
    }

    /// Sets the delay between two replacements. Default: no delay.
    #[must_use]
    pub fn delay(self, delay: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(delay.try_into(), |config, delay| config.delay = Some(delay))
    }

    /// Sets the action to take when tasks fail. Defaults to [`FailureAction::Pause`].
    #[must_use]
    pub fn failure_action(mut self, action: impl Into<FailureAction>) -> Self {
        self.failure_action = action.into();
        self
    }

    /// Sets the time for which each new task is monitored for failures. Defaults to 5 seconds.
    #[must_use]
    pub fn monitor(self, time: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(time.try_into(), |config, time| config.monitor = Some(time))
    }

    /// Sets the tolerated ratio of failed tasks, from 0 to 1. Defaults to 0.
    #[must_use]
    pub fn max_failure_ratio(mut self, ratio: f32) -> Self {
        self.max_failure_ratio = ratio;
        self
    }

    /// Sets the order of stopping the old task and starting the new one. Defaults to [`UpdateOrder::StopFirst`].
    #[must_use]
    pub fn order(mut self, order: impl Into<UpdateOrder>) -> Self {
        self.order = order.into();
        self
    }

    /// Applies a parsed duration, or records why parsing failed.
    fn set<E: Display>(mut self, value: Result<GoDuration, E>, set: impl FnOnce(&mut Self, Duration)) -> Self {
        match value {
            Ok(value) => set(&mut self, value.duration()),
            Err(why) => self.invalid.push(why.to_string()),
        }
        self
    }
}
