//! `GET /secrets/{id}`

use super::{SecretInspect, SwarmSecret};
use crate::request::{Method, Request, call, json};

impl SwarmSecret {
    /// Inspects the secret. The response does not include its content.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /secrets/token-2", r#"200 {"ID":"ktnb","Spec":{"Name":"token-2","Labels":{"app":"web"}}}"#),
    /// # ]);
    /// let token = docker.secret("token-2").inspect().await?;
    /// assert_eq!(token.spec.labels["app"], "web");
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /secrets/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the secret does not exist.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/secrets/{id}"))
    }
}

/// A call of [`SwarmSecret::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => SecretInspect, json);
