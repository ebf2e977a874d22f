//! `POST /swarm/init`

use super::{LISTEN_ADDR, Swarm};
use crate::node::NodeAvailability;
use crate::request::{Method, Request, call, json};
use crate::system::SwarmSpec;
use crate::wire::is_default;
use crate::{Limits, Result};
use serde::Serialize;
use std::fmt;

impl Swarm {
    /// Creates a swarm with the engine as its first manager, and returns the node's ID.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /swarm/init {"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"eth0"}"#, r#"200 "peii""#),
    /// # ]);
    /// let node_id = docker.swarm().init().advertise_addr("eth0").await?;
    /// assert_eq!(node_id, "peii");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /swarm/init`
    ///
    /// # Errors
    /// A [`status`](crate::Error::status) of 503 if the engine is already part of a swarm.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if an address or a setting is invalid, or if the host has
    /// several addresses to advertise and none was chosen.
    pub fn init(&self) -> Init {
        let request = self.client.request(Method::POST, "/swarm/init", &[]);
        Init(InitRequest { request, body: Body { listen_addr: LISTEN_ADDR.to_owned(), ..Body::default() } })
    }
}

/// A call of [`Swarm::init`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Init(InitRequest);

#[derive(Clone)]
struct InitRequest {
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
    #[serde(skip_serializing_if = "is_default")]
    data_path_port: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    default_addr_pool: Vec<String>,
    #[serde(skip_serializing_if = "is_default")]
    force_new_cluster: bool,
    #[serde(skip_serializing_if = "is_default")]
    subnet_size: u32,
    #[serde(skip_serializing_if = "is_default")]
    availability: NodeAvailability,
    #[serde(skip_serializing_if = "Option::is_none")]
    spec: Option<SwarmSpec>,
}

impl Init {
    /// Sets the address or interface, and the port, for communication between managers. Defaults to `0.0.0.0:2377`.
    pub fn listen_addr(self, addr: impl Into<String>) -> Self {
        self.map(|body| body.listen_addr = addr.into())
    }

    /// Sets the address or interface that other nodes use to reach this one. Defaults to the host's only address.
    pub fn advertise_addr(self, addr: impl Into<String>) -> Self {
        self.map(|body| body.advertise_addr = addr.into())
    }

    /// Sets the address or interface for the data traffic of overlay networks. Defaults to the advertised address.
    pub fn data_path_addr(self, addr: impl Into<String>) -> Self {
        self.map(|body| body.data_path_addr = addr.into())
    }

    /// Sets the UDP port for the data traffic of overlay networks, from 1024 to 49151. Defaults to 4789.
    pub fn data_path_port(self, port: u16) -> Self {
        self.map(|body| body.data_path_port = port)
    }

    /// Adds an address pool for the subnets of overlay networks, such as `10.20.0.0/16`. Defaults to `10.0.0.0/8`.
    pub fn default_addr_pool(self, range: impl Into<String>) -> Self {
        self.map(|body| body.default_addr_pool.push(range.into()))
    }

    /// Sets the prefix length of these subnets. Defaults to 24.
    pub fn subnet_size(self, length: u32) -> Self {
        self.map(|body| body.subnet_size = length)
    }

    /// Sets the availability of the new node for tasks, such as `drain` for a manager that runs none. Defaults to
    /// [`NodeAvailability::Active`].
    pub fn availability(self, availability: impl Into<NodeAvailability>) -> Self {
        self.map(|body| body.availability = availability.into())
    }

    /// Makes the engine the only manager of its current swarm. Use this when the other managers are lost. Defaults to
    /// `false`.
    pub fn force_new_cluster(self, force: bool) -> Self {
        self.map(|body| body.force_new_cluster = force)
    }

    /// Sets the swarm's settings. Defaults to the engine's choice.
    pub fn spec(self, spec: SwarmSpec) -> Self {
        self.map(|body| body.spec = Some(spec))
    }

    fn map(mut self, set: impl FnOnce(&mut Body)) -> Self {
        set(&mut self.0.body);
        self
    }
}

impl InitRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

impl fmt::Debug for InitRequest {
    /// Omits the body: a swarm's settings may hold a private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.request, f)
    }
}

call!(Init => String, begun);

async fn begun(init: InitRequest) -> Result<String> {
    json(init.request.json(&init.body)).await
}
