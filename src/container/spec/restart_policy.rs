//! [`RestartPolicy`]: whether a container is started again when it ends.

use crate::wire::{is_default, open_enum};
use serde::{Deserialize, Serialize};

/// Whether a container is started again when it ends. The engine waits before it does: 100 ms, then twice that, and so on.
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
    /// When it is started again.
    #[serde(skip_serializing_if = "is_default")]
    pub name: RestartMode,
    /// How often it is started again at most, for `on-failure`; without a limit if 0.
    #[serde(skip_serializing_if = "is_default")]
    pub maximum_retry_count: i64,
}

open_enum! {
    /// When a container is started again.
    pub enum RestartMode {
        /// Never.
        No = "no",
        /// Whenever it ends, and when the engine starts, unless somebody stopped it since the engine started.
        Always = "always",
        /// Whenever it ends, and when the engine starts, unless somebody stopped it.
        UnlessStopped = "unless-stopped",
        /// When its exit code is not 0.
        OnFailure = "on-failure",
    }
}

impl RestartPolicy {
    /// Never.
    #[must_use]
    pub fn no() -> Self {
        RestartMode::No.into()
    }

    /// Whenever it ends, and when the engine starts.
    #[must_use]
    pub fn always() -> Self {
        RestartMode::Always.into()
    }

    /// Whenever it ends, and when the engine starts, unless somebody stopped it.
    #[must_use]
    pub fn unless_stopped() -> Self {
        RestartMode::UnlessStopped.into()
    }

    /// When its exit code is not 0, that often at most; 0: without a limit.
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
