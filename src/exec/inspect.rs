//! `GET /exec/{id}/json`

use super::{Exec, ExecInspect};
use crate::request::{Method, Request, call, json};
use tokio::time::Instant;

impl Exec {
    /// Tells how the process was made, whether it runs, and how it ended.
    ///
    /// Right after the end of its output it may still be said to run, for a moment: see [`wait`](Self::wait).
    ///
    /// `GET /exec/{id}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such exec, it is forgotten, or its container was
    /// removed.
    pub fn inspect(&self) -> Inspect {
        Inspect::of(self)
    }
}

/// A call of [`Exec::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    pub(super) fn of(exec: &Exec) -> Self {
        Self(exec.request(Method::GET, "/exec/{id}/json"))
    }

    /// Makes it part of a call that has begun already: a limit of the whole that was set on that call counts from then.
    pub(super) fn since(self, begun: Instant) -> Self {
        Self(self.0.since_begun(begun))
    }
}

call!(Inspect => ExecInspect, json);
