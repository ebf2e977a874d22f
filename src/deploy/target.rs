//! [`Target`]: a replica of a service.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A replica of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The service's name.
    pub service: String,
    /// The number of the replica, from 1.
    pub replica: u32,
}

/// How a plan recovers what an interrupted deployment has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Recovery {
    /// Removes the service's [`before`](super::Service::before) container, which may still run.
    RemoveBefore,
    /// Removes the new container, which is not in its place yet.
    RemoveNext,
    /// Renames the previous container back and starts it.
    Restore,
    /// Stops the previous container, which was already replaced.
    StopSuperseded,
}

impl fmt::Display for Target {
    /// `web-1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.service, self.replica)
    }
}
