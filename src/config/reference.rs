//! References to configs in service specifications.

use super::{Config, ConfigInspect};
use crate::Result;
use crate::request::{Method, call, json};
use crate::task::{ConfigReference, ReferenceCall, ReferenceFile};

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
    pub fn reference(&self, file: impl Into<ReferenceFile>) -> Reference {
        Reference(ReferenceCall { inspect: self.request(Method::GET, "/configs/{id}"), file: file.into() })
    }
}

/// A call of [`Config::reference`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Reference(ReferenceCall);

call!(Reference => ConfigReference, referred);

async fn referred(ReferenceCall { inspect, file }: ReferenceCall) -> Result<ConfigReference> {
    let found: ConfigInspect = json(inspect).await?;
    let file = Some(file);
    Ok(ConfigReference { config_id: found.id, config_name: found.spec.name, file, ..ConfigReference::default() })
}
