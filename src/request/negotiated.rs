//! [`Negotiated`]: the API version that a client has negotiated.

use crate::{Error, Version};
use std::sync::{PoisonError, RwLock};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The API version of a client, shared by all its clones.
#[derive(Debug)]
pub(super) struct Negotiated {
    pub(super) pinned: bool,
    version: RwLock<Option<Version>>,
    /// Held by the call that negotiates. Others wait for it, each within its own limits.
    pub(super) turn: Mutex<Option<Failure>>,
}

/// The error of the last negotiation, and when it happened.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) at: Instant,
}

impl Negotiated {
    pub(super) fn new(pinned: Option<Version>) -> Self {
        Self { pinned: pinned.is_some(), version: RwLock::new(pinned), turn: Mutex::default() }
    }

    pub(super) fn known(&self) -> Option<Version> {
        *self.version.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set(&self, version: Option<Version>) {
        *self.version.write().unwrap_or_else(PoisonError::into_inner) = version;
    }
}
