//! [`TaskRestartPolicy`]: whether a swarm replaces a task that has ended.

use crate::GoDuration;
use crate::wire::{is_default, nanoseconds_or_zero, null_to_default, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::time::Duration;

open_enum! {
    /// The condition for restarting a task that has ended.
    pub enum RestartCondition {
        /// Never restarts.
        None = "none",
        /// Restarts if the task failed.
        OnFailure = "on-failure",
        /// Always restarts.
        Any = "any",
    }
}

/// The restart policy of tasks. A restart replaces the task by a new one.
///
/// ```
/// use longshore::task::TaskRestartPolicy;
///
/// let policy = TaskRestartPolicy::on_failure().delay("1s").max_attempts(3);
/// assert_eq!(serde_json::to_string(&policy)?, r#"{"Condition":"on-failure","Delay":1000000000,"MaxAttempts":3}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskRestartPolicy {
    /// The condition for a restart. Defaults to always.
    #[serde(skip_serializing_if = "is_default")]
    pub condition: RestartCondition,
    /// The delay before a restart. Defaults to 5 seconds.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds_or_zero")]
    pub delay: Option<Duration>,
    /// The maximum number of restarts. Default: 0, no limit.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub max_attempts: u64,
    /// The time window within which restarts are counted. Default: no window.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds_or_zero")]
    pub window: Option<Duration>,
    /// Errors of setters whose argument cannot be parsed, such as a delay of `5x`. Creating the service fails with the
    /// first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

impl TaskRestartPolicy {
    /// Never restarts.
    #[must_use]
    pub fn none() -> Self {
        RestartCondition::None.into()
    }

    /// Restarts a task if it failed.
    #[must_use]
    pub fn on_failure() -> Self {
        RestartCondition::OnFailure.into()
    }

    /// Restarts a task whenever it ends.
    #[must_use]
    pub fn any() -> Self {
        RestartCondition::Any.into()
    }

    /// Sets the delay before a restart. Defaults to 5 seconds.
    #[must_use]
    pub fn delay(self, delay: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(delay.try_into(), |policy, delay| policy.delay = Some(delay))
    }

    /// Sets the maximum number of restarts. Default: 0, no limit.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u64) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the time window within which restarts are counted. Default: no window.
    #[must_use]
    pub fn window(self, window: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(window.try_into(), |policy, window| policy.window = Some(window))
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

impl From<RestartCondition> for TaskRestartPolicy {
    fn from(condition: RestartCondition) -> Self {
        Self { condition, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::TaskRestartPolicy;
    use crate::task::TaskSpec;
    use serde_json::{Value, from_value, json, to_value};
    use std::time::Duration;

    /// Engines store pointers here: 0 is no delay, and an absent one 5 seconds.
    #[test]
    fn zero_is_not_the_default() {
        let zero = json!({"ContainerSpec": {"Image": "nginx", "StopGracePeriod": 0}, "RestartPolicy": {"Delay": 0, "Window": 0}});
        let task: TaskSpec = from_value(zero.clone()).expect("a task");
        let (container, policy) =
            (task.container_spec.clone().expect("one"), task.restart_policy.clone().expect("one"));
        assert_eq!((container.stop_grace_period, policy.delay), (Some(Duration::ZERO), Some(Duration::ZERO)));
        let again = to_value(&task).expect("JSON");
        for pointer in ["/ContainerSpec/StopGracePeriod", "/RestartPolicy/Delay", "/RestartPolicy/Window"] {
            assert_eq!(again.pointer(pointer), zero.pointer(pointer), "{pointer}");
        }
        let unset: TaskRestartPolicy = from_value(json!({"Delay": Value::Null})).expect("a policy");
        assert_eq!(unset, TaskRestartPolicy::default());
    }
}
