//! `POST /networks/{id}/connect`

use super::{EndpointSettings, Network};
use crate::request::{Method, Request, call, unit};
use crate::{Limits, Result, Version};
use serde::Serialize;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

impl Network {
    /// Connects a container, by its name or id; a stopped one is on the network once it starts.
    ///
    /// `POST /networks/{id}/connect`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container or network; for a stopped
    /// container the network is only looked for when it starts. [`Error::is_forbidden`](crate::Error::is_forbidden): it
    /// runs and is on the network already. [`Error::is_invalid`](crate::Error::is_invalid): the network is `host` or
    /// `none`, or has no subnet for the address.
    pub fn connect(&self, container: impl Into<String>) -> Connect {
        let container = container.into();
        let request = self.request(Method::POST, "/networks/{id}/connect");
        let body = Body { container: container_name(&container).to_owned(), endpoint_config: EndpointSettings::new() };
        Connect(Connection { request: refuse_no_container(request, &body.container), body })
    }
}

/// A call of [`Network::connect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Connect(Connection);

impl Connect {
    /// Adds a name by which the network's other containers reach it, beside its own name.
    pub fn alias(self, alias: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.alias(alias))
    }

    /// Sets its IPv4 address; the network must have a subnet that was chosen by its maker. The engine's choice if not set.
    pub fn ipv4(self, address: Ipv4Addr) -> Self {
        self.change(|endpoint| endpoint.ipv4(address))
    }

    /// Sets its IPv6 address; the network must have a subnet that was chosen by its maker. The engine's choice if not set.
    pub fn ipv6(self, address: Ipv6Addr) -> Self {
        self.change(|endpoint| endpoint.ipv6(address))
    }

    /// Sets its MAC address, such as `02:42:ac:11:00:04`; the engine's choice if not set. Since API 1.54: older
    /// engines ignore it here.
    pub fn mac_address(self, address: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.mac_address(address))
    }

    /// Sets an option of the network's driver, such as `com.docker.network.endpoint.sysctls`; none if not set.
    pub fn driver_opt(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.driver_opt(key, value))
    }

    /// Sets which network gives the default gateway: the one with the highest number; 0 if not set. Since API 1.48.
    pub fn gateway_priority(self, priority: i64) -> Self {
        self.change(|endpoint| endpoint.gateway_priority(priority))
    }

    /// Sets all of it at once, in place of what was set before.
    pub fn endpoint(self, endpoint: EndpointSettings) -> Self {
        self.change(|_| endpoint)
    }

    fn change(mut self, change: impl FnOnce(EndpointSettings) -> EndpointSettings) -> Self {
        self.0.body.endpoint_config = change(self.0.body.endpoint_config);
        self
    }
}

call!(Connect => (), connected);

/// The request, and its body as far as it has been said.
#[derive(Clone)]
struct Connection {
    request: Request,
    body: Body,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    container: String,
    endpoint_config: EndpointSettings,
}

impl fmt::Debug for Connection {
    /// Without the body: it holds what must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl Connection {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    /// The request with its body, and with what that needs of the engine.
    fn request(self) -> Request {
        let endpoint = &self.body.endpoint_config;
        let mut request = self.request.json(&self.body);
        if endpoint.gw_priority != 0 {
            request = request.since(Version::V1_48, "GwPriority");
        }
        if endpoint.mac_address.is_some() {
            request = request.since(Version::V1_54, "MacAddress of a container that is connected");
        }
        request
    }
}

async fn connected(connection: Connection) -> Result<()> {
    unit(connection.request()).await
}

/// A container's name without the `/` that inspecting it gives it.
pub(super) fn container_name(name: &str) -> &str {
    name.strip_prefix('/').unwrap_or(name)
}

pub(super) fn refuse_no_container(request: Request, container: &str) -> Request {
    if container.trim().is_empty() {
        request.refuse("the container needs a name or id, and was given none")
    } else {
        request
    }
}
