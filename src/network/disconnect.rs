//! `POST /networks/{id}/disconnect`

use super::Network;
use super::connect::{container_name, refuse_no_container};
use crate::request::{Method, Request, call, unit};
use crate::{Limits, Result};
use serde::Serialize;

impl Network {
    /// Takes a container off the network, by its name or id.
    ///
    /// `POST /networks/{id}/disconnect`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container or network. It is an error too
    /// if the container is not on the network: a status of 500.
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
    /// Takes it off also if the engine has lost the container; by default not.
    pub fn force(mut self, force: bool) -> Self {
        self.0.body.force = force;
        self
    }
}

call!(Disconnect => (), disconnected);

/// The request, and its body as far as it has been said.
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
