//! [`Target`]: a replica of a service.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A replica of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The service.
    pub service: String,
    /// Which of its containers, from 1 on.
    pub replica: u32,
}

/// What is done about what a killed deployment has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Recovery {
    /// The container that was to be the next one is removed.
    RemoveNext,
    /// The container of the version before gets its name back, and is started.
    Restore,
    /// The container of the version before is stopped.
    StopSuperseded,
}

impl fmt::Display for Target {
    /// `web-1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.service, self.replica)
    }
}
