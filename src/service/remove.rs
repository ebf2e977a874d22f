//! `DELETE /services/{id}`

use super::Service;
use crate::request::{Method, Request, call, unit};

impl Service {
    /// Removes the service. This does not wait for its tasks to stop.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /services/web", "200")]);
    /// docker.service("web").remove().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /services/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the service does not exist.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/services/{id}"))
    }
}

/// A call of [`Service::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

call!(Remove => (), unit);
