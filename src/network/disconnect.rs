//! `POST /networks/{id}/disconnect`

use super::Network;
use super::connect::{container_name, refuse_no_container};
use crate::request::{Method, Request, call, unit};
use crate::{Limits, Result};
use serde::Serialize;

impl Network {
    /// Disconnects a container, given by name or ID, from the network.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[(r#"POST /networks/back/disconnect {"Container":"db","Force":true}"#, "200")]);
    /// docker.network("back").disconnect("db").force(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /networks/{id}/disconnect`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container or the network does not exist. A
    /// [`status`](crate::Error::status) of 500 if the container is not connected to the network.
    pub fn disconnect(&self, container: impl Into<String>) -> Disconnect {
        let container = container.into();
        let body = Body { container: container_name(&container).to_owned(), force: false };
        let request = self.request(Method::POST, "/networks/{id}/disconnect");
        Disconnect(Disconnection { request: refuse_no_container(request, &body.container), body })
    }
}

/// A call of [`Network::disconnect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Disconnect(Disconnection);

impl Disconnect {
    /// Disconnects the container even if the engine no longer knows it. Defaults to `false`.
    pub fn force(mut self, force: bool) -> Self {
        self.0.body.force = force;
        self
    }
}

call!(Disconnect => (), disconnected);

/// The request, and the body as set so far.
#[derive(Clone, Debug)]
struct Disconnection {
    request: Request,
    body: Body,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    container: String,
    force: bool,
}

impl Disconnection {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

async fn disconnected(disconnection: Disconnection) -> Result<()> {
    unit(disconnection.request.json(&disconnection.body)).await
}
