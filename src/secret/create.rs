//! `POST /secrets/create`

use super::{SecretSpec, Secrets, SwarmSecret};
use crate::Result;
use crate::request::{Method, Request, call, json};
use serde::Deserialize;

impl Secrets {
    /// Creates a secret from a name and its content of up to 500 kB.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /secrets/create {"Name":"token-2","Data":"aHVudGVyMg=="}"#, r#"201 {"ID":"ktnb"}"#),
    /// # ]);
    /// use longshore::secret::SecretSpec;
    ///
    /// let token = docker.secrets().create(SecretSpec::new("token-2", "hunter2")).await?;
    /// assert_eq!(token.id(), "ktnb");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /secrets/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a secret of that name exists.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name is invalid, or if the content is empty or too large. A
    /// name has up to 64 letters, digits, `-`, `_` and `.`.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn create(&self, spec: impl Into<SecretSpec>) -> Create {
        Create(self.client.request(Method::POST, "/secrets/create", &[]).json(&spec.into()))
    }
}

/// A call of [`Secrets::create`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(Request);

call!(Create => SwarmSecret, created);

async fn created(request: Request) -> Result<SwarmSecret> {
    #[derive(Deserialize)]
    struct Created {
        #[serde(rename = "ID")]
        id: String,
    }

    let client = request.client().clone();
    let Created { id } = json(request).await?;
    Ok(SwarmSecret { client, id })
}
