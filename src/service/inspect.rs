//! `GET /services/{id}`

use super::{Service, ServiceInspect};
use crate::request::{Method, Request, call, json};

impl Service {
    /// Inspects the service.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /services/web",
    /// #      r#"200 {"ID":"cxze","Spec":{"Name":"web"},"Endpoint":{"Ports":[{"TargetPort":80,"PublishedPort":30000}]}}"#),
    /// # ]);
    /// let web = docker.service("web").inspect().await?;
    /// assert_eq!(web.endpoint.ports[0].published_port, 30000);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /services/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the service does not exist.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/services/{id}"))
    }
}

/// A call of [`Service::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    /// Fills in defaults where the specification sets nothing. Defaults to `false`.
    pub fn insert_defaults(self, insert: bool) -> Self {
        Self(self.0.query("insertDefaults", insert))
    }
}

call!(Inspect => ServiceInspect, json);
