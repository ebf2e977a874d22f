//! Waiting for an existing container.

use super::failure::Cause;
use super::ready::{Ready, gate};
use crate::Docker;
use std::time::Duration;

impl Ready {
    /// Waits until an existing container is ready, at most for `limit`.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// use longshore::deploy::Ready;
    /// use std::time::Duration;
    ///
    /// Ready::healthy().wait_for(&docker, "db", Duration::from_secs(30)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Cause::NotReady`] if the container was not ready in time.
    /// - [`Cause::Exited`] if the container exits or is not running, and [`Cause::OutOfMemory`] if it runs out of memory.
    /// - [`Cause::Unhealthy`] or [`Cause::NoHealthCheck`], with [`healthy`](Self::healthy).
    /// - [`Cause::Refused`] if the condition is invalid.
    /// - [`Cause::Call`] if a request failed, for example because the container does not exist.
    pub async fn wait_for(&self, docker: &Docker, container: impl Into<String>, limit: Duration) -> Result<(), Cause> {
        self.check("").map_err(Cause::Refused)?;
        let container = docker.container(container);
        let exit = container.wait().registered().await.map_err(Cause::Call)?;
        gate(self, limit, docker, &container, &mut Box::pin(exit.exit())).await
    }
}
