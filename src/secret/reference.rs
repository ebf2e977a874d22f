//! References to secrets in service specifications.

use super::{SecretInspect, SwarmSecret};
use crate::Result;
use crate::request::{Method, call, json};
use crate::task::{ReferenceCall, ReferenceFile, SecretReference};

impl SwarmSecret {
    /// Returns a reference to this secret, which a service's containers receive as a file. Inspects the secret for its
    /// ID and name. A relative path is below `/run/secrets`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /secrets/app-1", r#"200 {"ID":"ktnb","Spec":{"Name":"app-1"}}"#)]);
    /// use longshore::service::ServiceSpec;
    ///
    /// let app = docker.secret("app-1").reference("app").await?;
    /// let web = ServiceSpec::new("web", "nginx:1.27").secret(app);
    /// # assert_eq!(web.task_template.container_spec.unwrap_or_default().secrets.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`inspect`](Self::inspect).
    pub fn reference(&self, file: impl Into<ReferenceFile>) -> Reference {
        Reference(ReferenceCall { inspect: self.request(Method::GET, "/secrets/{id}"), file: file.into() })
    }
}

/// A call of [`SwarmSecret::reference`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Reference(ReferenceCall);

call!(Reference => SecretReference, referred);

async fn referred(ReferenceCall { inspect, file }: ReferenceCall) -> Result<SecretReference> {
    let found: SecretInspect = json(inspect).await?;
    let file = Some(file);
    Ok(SecretReference { secret_id: found.id, secret_name: found.spec.name, file })
}
