//! [`RestartPolicy`]: whether the engine restarts a container when it ends.

use super::text::ParseOptionError;
use crate::wire::from_text;
use crate::wire::{is_default, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Whether the engine restarts a container when it ends.
///
/// The engine waits before each restart: 100 ms at first, then twice as long each time.
///
/// ```
/// use longshore::container::RestartPolicy;
///
/// let policy = RestartPolicy::on_failure(5);
/// assert_eq!(serde_json::to_string(&policy)?, r#"{"Name":"on-failure","MaximumRetryCount":5}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct RestartPolicy {
    /// When the container is restarted.
    #[serde(skip_serializing_if = "is_default")]
    pub name: RestartMode,
    /// The maximum number of restarts, for `on-failure`; 0 for no maximum.
    #[serde(skip_serializing_if = "is_default")]
    pub maximum_retry_count: i64,
}

open_enum! {
    /// When a container is restarted.
    pub enum RestartMode {
        /// Never.
        No = "no",
        /// Whenever it ends. A container that was stopped by hand is restarted only when the engine starts.
        Always = "always",
        /// Whenever it ends and when the engine starts, unless it was stopped by hand.
        UnlessStopped = "unless-stopped",
        /// When its exit code is not 0.
        OnFailure = "on-failure",
    }
}

impl RestartPolicy {
    /// Never restarts the container.
    #[must_use]
    pub fn no() -> Self {
        RestartMode::No.into()
    }

    /// Restarts the container whenever it ends, and when the engine starts.
    #[must_use]
    pub fn always() -> Self {
        RestartMode::Always.into()
    }

    /// Restarts the container whenever it ends and when the engine starts, unless it was stopped by hand.
    #[must_use]
    pub fn unless_stopped() -> Self {
        RestartMode::UnlessStopped.into()
    }

    /// Restarts the container if its exit code is not 0, at most this many times; 0 for no maximum.
    #[must_use]
    pub fn on_failure(maximum_retries: u32) -> Self {
        Self { name: RestartMode::OnFailure, maximum_retry_count: maximum_retries.into() }
    }
}

impl From<RestartMode> for RestartPolicy {
    fn from(name: RestartMode) -> Self {
        Self { name, maximum_retry_count: 0 }
    }
}

impl fmt::Display for RestartPolicy {
    /// Writes `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:5`. An engine's empty policy is `no`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, self.maximum_retry_count) {
            (RestartMode::OnFailure, retries @ 1..) => write!(f, "on-failure:{retries}"),
            (name, _) if name.as_str().is_empty() => f.write_str("no"),
            (name, _) => f.write_str(name.as_str()),
        }
    }
}

impl FromStr for RestartPolicy {
    type Err = ParseOptionError;

    /// Parses the value that the docker CLI takes for `--restart`.
    fn from_str(text: &str) -> Result<Self, ParseOptionError> {
        let policy = match text.split_once(':') {
            Some(("on-failure", retries)) => retries.parse().ok().map(Self::on_failure),
            Some(_) => None,
            None if text.is_empty() => Some(Self::no()),
            None => {
                Some(RestartMode::from(text)).filter(|mode| !matches!(mode, RestartMode::Unknown(_))).map(Self::from)
            }
        };
        policy.ok_or_else(|| {
            ParseOptionError::new("restart policy", text, "no, always, unless-stopped, on-failure or on-failure:5")
        })
    }
}

from_text!(RestartPolicy);

#[cfg(test)]
mod tests {
    use super::RestartPolicy;

    #[test]
    fn policies_are_read_as_docker_reads_them() {
        for (text, policy) in [
            ("no", RestartPolicy::no()),
            ("", RestartPolicy::no()),
            ("always", RestartPolicy::always()),
            ("unless-stopped", RestartPolicy::unless_stopped()),
            ("on-failure", RestartPolicy::on_failure(0)),
            ("on-failure:5", RestartPolicy::on_failure(5)),
            ("on-failure:0", RestartPolicy::on_failure(0)),
        ] {
            assert_eq!(text.parse().as_ref(), Ok(&policy), "{text}");
            assert_eq!(policy.to_string(), if text.is_empty() { "no" } else { text.trim_end_matches(":0") });
        }
        assert_eq!(RestartPolicy::default().to_string(), "no");
        for text in ["never", "always:3", "on-failure:", "on-failure:-1"] {
            let error = text.parse::<RestartPolicy>().expect_err(text).to_string();
            assert!(error.ends_with("use no, always, unless-stopped, on-failure or on-failure:5"), "{error}");
        }
    }
}
