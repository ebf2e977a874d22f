//! [`Healthcheck`]: the health check of a container.

use crate::GoDuration;
use crate::wire::{is_default, nanoseconds, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::time::Duration;

/// The health check of a container: a command that the engine runs in it periodically. Exit code 0 means healthy.
///
/// Unset fields are taken from the image.
///
/// ```
/// use longshore::container::Healthcheck;
///
/// let check = Healthcheck::shell("curl -f http://localhost/").interval("5s").retries(3); // or a `Duration`
/// assert_eq!(check.test, ["CMD-SHELL", "curl -f http://localhost/"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct Healthcheck {
    /// The command: `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`. Empty for the image's.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub test: Vec<String>,
    /// The time between checks. At least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub interval: Option<Duration>,
    /// The timeout of one check, after which it counts as failed. At least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub timeout: Option<Duration>,
    /// The number of failed checks in a row that make the container unhealthy.
    #[serde(skip_serializing_if = "is_default")]
    pub retries: i64,
    /// The time after the start in which failed checks do not count. At least 1 ms.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub start_period: Option<Duration>,
    /// The time between checks in the start period. At least 1 ms. Requires API 1.44 or later.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds")]
    pub start_interval: Option<Duration>,
    /// Errors of setters whose argument cannot be parsed, such as an interval of `5x`. Creating the container fails with the first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

impl Healthcheck {
    /// Creates a check that runs a command line in the container's shell.
    pub fn shell(line: impl Into<String>) -> Self {
        Self { test: vec!["CMD-SHELL".to_owned(), line.into()], ..Self::default() }
    }

    /// Creates a check that runs a program with its arguments.
    pub fn exec<S: Into<String>>(command: impl IntoIterator<Item = S>) -> Self {
        let test = std::iter::once("CMD".to_owned()).chain(command.into_iter().map(Into::into)).collect();
        Self { test, ..Self::default() }
    }

    /// Disables the image's health check.
    pub fn none() -> Self {
        Self { test: vec!["NONE".to_owned()], ..Self::default() }
    }

    /// Applies a parsed duration, or records why parsing failed.
    fn set<E: Display>(mut self, value: Result<GoDuration, E>, set: impl FnOnce(&mut Self, Duration)) -> Self {
        match value {
            Ok(value) => set(&mut self, value.duration()),
            Err(why) => self.invalid.push(why.to_string()),
        }
        self
    }

    /// Sets the time between checks. Defaults to the image's, or else 30 seconds.
    pub fn interval(self, interval: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(interval.try_into(), |check, interval| check.interval = Some(interval))
    }

    /// Sets the timeout of one check, after which it counts as failed. Defaults to the image's, or else 30 seconds.
    pub fn timeout(self, timeout: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(timeout.try_into(), |check, timeout| check.timeout = Some(timeout))
    }

    /// Sets how many failed checks in a row make the container unhealthy. Defaults to the image's, or else 3.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries.into();
        self
    }

    /// Sets the time after the start in which failed checks do not count. Defaults to the image's, or else none.
    pub fn start_period(self, period: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(period.try_into(), |check, period| check.start_period = Some(period))
    }

    /// Sets the time between checks in the start period. Defaults to the image's, or else 5 seconds. Requires API 1.44
    /// or later.
    pub fn start_interval(self, interval: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(interval.try_into(), |check, interval| check.start_interval = Some(interval))
    }
}
