//! `DELETE /secrets/{id}`

use super::SwarmSecret;
use crate::request::{Method, Request, call, unit};

impl SwarmSecret {
    /// Removes the secret.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /secrets/token-1", "204")]);
    /// docker.secret("token-1").remove().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /secrets/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the secret does not exist.
    /// [`Error::is_in_use`](crate::Error::is_in_use) if a service uses the secret.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/secrets/{id}"))
    }
}

/// A call of [`SwarmSecret::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

call!(Remove => (), unit);
