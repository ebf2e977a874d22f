//! `GET /containers/{id}/json`

use super::{Container, ContainerInspect};
use crate::request::{Request, call, json};

impl Container {
    /// Inspects the container: its state, configuration, mounts and networks.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /containers/web/json", r#"200 {"Id":"e90e34656806","Config":{"Image":"nginx:1.27"},
    /// #     "State":{"Status":"running","Running":true,"StartedAt":"2026-11-24T04:23:06.44Z"}}"#)]);
    /// let web = docker.container("web").inspect().await?;
    /// if web.state.running {
    ///     println!("{} since {:?}", web.config.image, web.state.started_at);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.get("/containers/{id}/json"))
    }
}

/// A call of [`Container::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Includes the sizes of the container's files, which the engine takes a while to compute. Defaults to `false`.
    pub fn size(self, size: bool) -> Self {
        Self(self.0.query("size", size))
    }
}

call!(Inspect => ContainerInspect, json);
