//! Waiting for an existing container.

use super::failure::Cause;
use super::ready::{Began, Ready, gate};
use crate::{Docker, GoDuration};
use std::fmt::Display;

impl Ready {
    /// Waits until an existing container is ready, at most for `limit`, such as `"30s"` or a [`Duration`](std::time::Duration).
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// use longshore::deploy::Ready;
    ///
    /// Ready::healthy().wait_for(&docker, "db", "30s").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Cause::NotReady`] if the container was not ready in time.
    /// - [`Cause::Exited`] if the container exits or is not running, and [`Cause::OutOfMemory`] if it runs out of memory
    ///   during the wait.
    /// - [`Cause::Unhealthy`] or [`Cause::NoHealthCheck`], with [`healthy`](Self::healthy).
    /// - [`Cause::Refused`] if the condition or the limit is invalid.
    /// - [`Cause::Call`] if a request failed, for example because the container does not exist.
    pub async fn wait_for(
        &self,
        docker: &Docker,
        container: impl Into<String>,
        limit: impl TryInto<GoDuration, Error: Display>,
    ) -> Result<(), Cause> {
        self.check("").map_err(Cause::Refused)?;
        let limit = limit.try_into().map_err(|why| Cause::Refused(why.to_string()))?.duration();
        let container = docker.container(container);
        let exit = container.wait().registered().await.map_err(Cause::Call)?;
        gate(self, limit, docker, (&container, Began::Earlier), &mut Box::pin(exit.exit())).await
    }
}
