//! `POST /configs/create`

use super::{Config, ConfigSpec, Configs};
use crate::Result;
use crate::request::{Method, Request, call, json};
use serde::Deserialize;

impl Configs {
    /// Creates a config from a name and its content of up to 1 MB.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /configs/create {"Name":"site-2","Data":"c2VydmVyIHt9"}"#, r#"201 {"ID":"8p3x"}"#),
    /// # ]);
    /// use longshore::config::ConfigSpec;
    ///
    /// let site = docker.configs().create(ConfigSpec::new("site-2", "server {}")).await?;
    /// assert_eq!(site.id(), "8p3x");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /configs/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a config of that name exists.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name is invalid, or if the content is empty or too large. A
    /// name has up to 64 letters, digits, `-`, `_` and `.`.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn create(&self, spec: impl Into<ConfigSpec>) -> Create {
        Create(self.client.request(Method::POST, "/configs/create", &[]).json(&spec.into()))
    }
}

/// A call of [`Configs::create`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(Request);

call!(Create => Config, created);

async fn created(request: Request) -> Result<Config> {
    #[derive(Deserialize)]
    struct Created {
        #[serde(rename = "ID")]
        id: String,
    }

    let client = request.client().clone();
    let Created { id } = json(request).await?;
    Ok(Config { client, id })
}
