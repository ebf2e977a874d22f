//! `POST /containers/{id}/kill`

use super::{Container, Signal};
use crate::request::{Request, call, unit};

impl Container {
    /// Sends a signal to the container's process: SIGKILL, unless another is set.
    ///
    /// `POST /containers/{id}/kill`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it does not run.
    /// [`Error::is_invalid`](crate::Error::is_invalid): that is no signal (of Docker 20.10, status 500: a
    /// number that is none).
    pub fn kill(&self) -> Kill {
        Kill(self.post("/containers/{id}/kill"))
    }
}

/// A call of [`Container::kill`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Kill(Request);

impl Kill {
    /// The signal to send: `"HUP"`, `"SIGUSR1"`, `9`, [`Signal::TERM`]; SIGKILL if not set.
    pub fn signal(self, signal: impl Into<Signal>) -> Self {
        Self(signal.into().set(self.0, None))
    }
}

call!(Kill => (), unit);
