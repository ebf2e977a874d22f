//! `GET /services/{id}/logs`

use super::Service;
use crate::request::Method;
use crate::task::{Logs, logs};

impl Service {
    /// Reads the output of the service's tasks on stdout and stderr, interleaved. [`details`](Logs::details) shows
    /// which task each line is from.
    ///
    /// A task's logs are gone once its container is removed.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /services/web/logs?stdout=true&stderr=true&tail=100", "200 >ready\n"),
    /// # ]);
    /// let mut logs = docker.service("web").logs().tail(100).await?;
    /// while let Some(chunk) = logs.next().await {
    ///     print!("{}", chunk?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /services/{id}/logs`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the service does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if neither stdout nor stderr is included.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn logs(&self) -> Logs {
        let (request, inspect) =
            (self.request(Method::GET, "/services/{id}/logs"), self.request(Method::GET, "/services/{id}"));
        logs(request, inspect, "/Spec/TaskTemplate/ContainerSpec/TTY")
    }
}
