//! [`Healthcheck`]: how a container's health is checked.

use crate::wire::{is_default, nanoseconds, null_to_empty};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How a container's health is checked: a command that is run in it, again and again, and exits with 0 if all is well.
///
/// What is not set is as the image has it.
///
/// ```
/// use longshore::container::Healthcheck;
/// use std::time::Duration;
///
/// let check = Healthcheck::shell("curl -f http://localhost/").interval(Duration::from_secs(5)).retries(3);
/// assert_eq!(check.test, ["CMD-SHELL", "curl -f http://localhost/"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct Healthcheck {
    /// The command: `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`; the image's if empty.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub test: Vec<String>,
    /// How long between checks; at least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub interval: Option<Duration>,
    /// How long a check may take before it counts as failed; at least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub timeout: Option<Duration>,
    /// How many checks fail in a row before the container is unhealthy.
    #[serde(skip_serializing_if = "is_default")]
    pub retries: i64,
    /// How long after the start failed checks do not count; at least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub start_period: Option<Duration>,
    /// How long between checks in the start period; at least 1 ms. Since API 1.44.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub start_interval: Option<Duration>,
}

impl Healthcheck {
    /// Runs a line of the container's shell.
    pub fn shell(line: impl Into<String>) -> Self {
        Self { test: vec!["CMD-SHELL".to_owned(), line.into()], ..Self::default() }
    }

    /// Runs a program with its arguments.
    pub fn exec<S: Into<String>>(command: impl IntoIterator<Item = S>) -> Self {
        let test = std::iter::once("CMD".to_owned()).chain(command.into_iter().map(Into::into)).collect();
        Self { test, ..Self::default() }
    }

    /// Checks nothing, even though the image does.
    pub fn none() -> Self {
        Self { test: vec!["NONE".to_owned()], ..Self::default() }
    }

    /// How long between checks; 30 s if neither this nor the image says.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// How long a check may take before it counts as failed; 30 s if neither this nor the image says.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How many checks fail in a row before the container is unhealthy; 3 if neither this nor the image says.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries.into();
        self
    }

    /// How long after the start failed checks do not count; no time if neither this nor the image says.
    pub fn start_period(mut self, period: Duration) -> Self {
        self.start_period = Some(period);
        self
    }

    /// How long between checks in the start period; 5 s if neither this nor the image says. Since API 1.44.
    pub fn start_interval(mut self, interval: Duration) -> Self {
        self.start_interval = Some(interval);
        self
    }
}
