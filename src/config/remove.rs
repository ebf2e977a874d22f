//! `DELETE /configs/{id}`

use super::Config;
use crate::request::{Method, Request, call, unit};

impl Config {
    /// Removes the config.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /configs/site-1", "204")]);
    /// docker.config("site-1").remove().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /configs/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the config does not exist.
    /// [`Error::is_in_use`](crate::Error::is_in_use) if a service uses the config.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/configs/{id}"))
    }
}

/// A call of [`Config::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

call!(Remove => (), unit);
