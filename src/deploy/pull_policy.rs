//! [`PullPolicy`]: when an image is pulled.

use super::duration;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// When an image is pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PullPolicy {
    /// Each time, so that a tag that was moved is followed.
    Always,
    /// If the engine does not have it.
    #[default]
    Missing,
    /// Not at all: the engine must have it.
    Never,
    /// If what the engine has was pulled, built or tagged longer ago than this. In files, in seconds.
    #[serde(with = "duration")]
    OlderThan(Duration),
}

impl PullPolicy {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }
}
