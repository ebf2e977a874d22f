//! Removal of stored credentials, without the engine.

use crate::{Docker, Result};

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
    pub async fn logout(&self, registry: impl Into<String>) -> Result<()> {
        let registry = registry.into();
        self.client().registry_settings(move |settings| settings.erase(&registry)).await
    }
}
