//! Forgetting credentials; engines have no part in it.

use crate::{Docker, Result};

impl Docker {
    /// Removes what is stored for a registry (`registry.example.com`, or `docker.io`), as `docker logout` does: from the docker
    /// CLI's helper for it, and from its `config.json`. The engine is not asked. What is not there is fine.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): a setting is wrong, a helper fails, or the file cannot be written.
    pub async fn logout(&self, registry: impl Into<String>) -> Result<()> {
        let registry = registry.into();
        self.client().registry_settings(move |settings| settings.erase(&registry)).await
    }
}
