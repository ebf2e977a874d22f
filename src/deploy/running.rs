//! [`Running`]: a service that was deployed.

use super::launch::Exit;
use crate::Result;
use crate::container::{Container, ExitStatus, Logs, Remove, Stop};
use std::fmt;

/// A service that was deployed and is ready. Dropped, it goes on running.
pub struct Running {
    container: Container,
    exit: Exit,
}

impl Running {
    pub(super) fn new(container: Container, exit: Exit) -> Self {
        Self { container, exit }
    }

    /// The container, for all else that can be done with one.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.container
    }

    /// The container's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.container.id()
    }

    /// Reads what it wrote, or follows what it writes: [`Container::logs`].
    pub fn logs(&self) -> Logs {
        self.container.logs()
    }

    /// Stops it: [`Container::stop`].
    pub fn stop(&self) -> Stop {
        self.container.stop()
    }

    /// Removes it, with its anonymous volumes: [`Container::remove`].
    pub fn remove(&self) -> Remove {
        self.container.remove().volumes(true)
    }

    /// Waits until it ends for the first time since it was started, and says how; also if that was long ago.
    ///
    /// # Errors
    /// The connection that the exit is waited for on broke.
    pub async fn exited(self) -> Result<ExitStatus> {
        self.exit.await
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("container", &self.container).finish_non_exhaustive()
    }
}
