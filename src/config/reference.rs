//! References to configs in service specifications.

use super::Config;
use crate::Result;
use crate::task::{ConfigReference, ReferenceFile};

impl Config {
    /// Returns a reference to this config, which a service's containers receive as a file. Inspects the config for its
    /// ID and name. A relative path is below `/`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /configs/app-1", r#"200 {"ID":"ktnb","Spec":{"Name":"app-1"}}"#)]);
    /// use longshore::service::ServiceSpec;
    ///
    /// let app = docker.config("app-1").reference("app").await?;
    /// let web = ServiceSpec::new("web", "nginx:1.27").config(app);
    /// # assert_eq!(web.task_template.container_spec.unwrap_or_default().configs.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`inspect`](Self::inspect).
    pub async fn reference(&self, file: impl Into<ReferenceFile>) -> Result<ConfigReference> {
        let found = self.inspect().await?;
        let file = Some(file.into());
        Ok(ConfigReference { config_id: found.id, config_name: found.spec.name, file, ..ConfigReference::default() })
    }
}
