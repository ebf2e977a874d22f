//! Removal of stored credentials, without the engine.

use crate::request::{Client, call};
use crate::transport::Deadlines;
use crate::{Docker, Limits, Result};
use std::sync::Arc;

impl Docker {
    /// Removes the stored credentials for a registry (`registry.example.com`, or `docker.io`), as `docker logout` does.
    /// Removes them from the docker CLI's credential helper for that registry and from its `config.json`. The engine is
    /// not contacted. Succeeds if there are no credentials.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// docker.logout("registry.example.com").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if a setting is invalid, a credential helper fails, or the file
    /// cannot be written.
    /// [`Error::is_timeout`](crate::Error::is_timeout) if a [`whole`](Limits::whole) limit is reached. A credential helper
    /// then still runs to its end.
    pub fn logout(&self, registry: impl Into<String>) -> Logout {
        Logout(LogoutCall { client: self.client().clone(), registry: registry.into(), limits: Limits::new() })
    }
}

/// A call of [`Docker::logout`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Logout(LogoutCall);

/// The parts of a logout call.
#[derive(Clone, Debug)]
struct LogoutCall {
    client: Arc<Client>,
    registry: String,
    limits: Limits,
}

impl LogoutCall {
    /// Only `whole` matters: nothing is sent.
    fn limits(self, limits: Limits) -> Self {
        Self { limits: limits.or(self.limits), ..self }
    }
}

call!(Logout => (), logged_out);

async fn logged_out(LogoutCall { client, registry, limits }: LogoutCall) -> Result<()> {
    let deadlines = Deadlines::starting(None, limits.or(client.default_limits()));
    let erasing = client.registry_settings(move |settings| settings.erase(&registry));
    deadlines.preparing("waiting for the credential helper", erasing).await
}
