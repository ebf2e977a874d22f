//! `GET /configs/{id}`

use super::{Config, ConfigInspect};
use crate::request::{Method, Request, call, json};

impl Config {
    /// Inspects the config, including its content.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /configs/site-2", r#"200 {"ID":"8p3x","Spec":{"Name":"site-2","Data":"c2VydmVyIHt9"}}"#),
    /// # ]);
    /// let site = docker.config("site-2").inspect().await?;
    /// assert_eq!(site.spec.data, "server {}");
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /configs/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the config does not exist.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/configs/{id}"))
    }
}

/// A call of [`Config::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => ConfigInspect, json);
