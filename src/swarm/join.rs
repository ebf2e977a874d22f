//! `POST /swarm/join`

use super::{LISTEN_ADDR, Swarm};
use crate::node::NodeAvailability;
use crate::request::{Method, Request, call, unit};
use crate::wire::is_default;
use crate::{Limits, Result, Secret};
use serde::Serialize;
use std::fmt;

impl Swarm {
    /// Joins a swarm, as a manager or a worker depending on the token. At least one manager must be reachable at the
    /// given addresses.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /swarm/join {"ListenAddr":"0.0.0.0:2377","RemoteAddrs":["10.0.0.1:2377"],"JoinToken":"SWMTKN-1-a"}"#,
    /// #      "200"),
    /// # ]);
    /// docker.swarm().join(["10.0.0.1:2377"], "SWMTKN-1-a").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /swarm/join`
    ///
    /// # Errors
    /// A [`status`](crate::Error::status) of 503 if the engine is already part of a swarm.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if no address was given, or if an address is invalid. A
    /// [`status`](crate::Error::status) of 500 if the token is invalid.
    pub fn join<S: Into<String>>(&self, remote_addrs: impl IntoIterator<Item = S>, token: impl Into<Secret>) -> Join {
        let request = self.client.request(Method::POST, "/swarm/join", &[]);
        let body = Body {
            listen_addr: LISTEN_ADDR.to_owned(),
            remote_addrs: remote_addrs.into_iter().map(Into::into).collect(),
            join_token: token.into(),
            ..Body::default()
        };
        Join(JoinRequest { request, body })
    }
}

/// A call of [`Swarm::join`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Join(JoinRequest);

#[derive(Clone)]
struct JoinRequest {
    request: Request,
    body: Body,
}

#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    listen_addr: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    advertise_addr: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    data_path_addr: String,
    remote_addrs: Vec<String>,
    join_token: Secret,
    #[serde(skip_serializing_if = "is_default")]
    availability: NodeAvailability,
}

impl Join {
    /// Sets the address or interface, and the port, for communication between managers. Defaults to `0.0.0.0:2377`.
    pub fn listen_addr(self, addr: impl Into<String>) -> Self {
        self.map(|body| body.listen_addr = addr.into())
    }

    /// Sets the address or interface that other nodes use to reach this one. Defaults to the address from which the
    /// managers are reached.
    pub fn advertise_addr(self, addr: impl Into<String>) -> Self {
        self.map(|body| body.advertise_addr = addr.into())
    }

    /// Sets the address or interface for the data traffic of overlay networks. Defaults to the advertised address.
    pub fn data_path_addr(self, addr: impl Into<String>) -> Self {
        self.map(|body| body.data_path_addr = addr.into())
    }

    /// Sets the availability of the new node for tasks, such as `drain` for a manager that runs none. Defaults to
    /// [`NodeAvailability::Active`].
    pub fn availability(self, availability: impl Into<NodeAvailability>) -> Self {
        self.map(|body| body.availability = availability.into())
    }

    fn map(mut self, set: impl FnOnce(&mut Body)) -> Self {
        set(&mut self.0.body);
        self
    }
}

impl JoinRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

impl fmt::Debug for JoinRequest {
    /// Omits the body, which holds the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.request, f)
    }
}

call!(Join => (), joined);

async fn joined(join: JoinRequest) -> Result<()> {
    unit(join.request.json(&join.body)).await
}
