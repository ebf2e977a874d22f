//! [`PullPolicy`]: when an image is pulled.

use super::duration;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Specifies when an image is pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PullPolicy {
    /// Pulls every time, to follow tags that move.
    ///
    /// The deployment of a project asks the registry first, and pulls if it has another image. Podman cannot ask registries. There,
    /// each deployment pulls, and the next one replaces the containers if the image has changed.
    Always,
    /// Pulls if the engine does not have the image.
    #[default]
    Missing,
    /// Never pulls. The engine must have the image.
    Never,
    /// Pulls if the engine's image was pulled, built or tagged longer ago than this. In seconds in files.
    #[serde(with = "duration")]
    OlderThan(Duration),
}

impl PullPolicy {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }
}
