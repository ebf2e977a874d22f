//! `POST /networks/{id}/connect`

use super::{EndpointSettings, Network};
use crate::request::{Method, Request, call, unit};
use crate::{Limits, Result, Version};
use serde::Serialize;
use std::fmt::{self, Display};

impl Network {
    /// Connects a container, given by name or ID. A stopped container joins the network when it starts.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /networks/back/connect {"Container":"db","EndpointConfig":{"Aliases":["database"]}}"#, "200"),
    /// # ]);
    /// docker.network("back").connect("db").alias("database").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /networks/{id}/connect`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container or the network does not exist. For a
    /// stopped container, the engine looks for the network only when the container starts.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden) if the container is running and already connected to the
    /// network. [`Error::is_invalid`](crate::Error::is_invalid) if the network is `host` or `none`, or has no subnet
    /// for the address.
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
    /// Adds a DNS alias by which other containers on the network reach this one, in addition to its name.
    pub fn alias(self, alias: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.alias(alias))
    }

    /// Sets the IPv4 address: an [`Ipv4Addr`](std::net::Ipv4Addr), or its text. Requires a network with a user-configured
    /// subnet. Defaults to an address chosen by the engine.
    pub fn ipv4(self, address: impl Display) -> Self {
        self.change(|endpoint| endpoint.ipv4(address))
    }

    /// Sets the IPv6 address: an [`Ipv6Addr`](std::net::Ipv6Addr), or its text. Requires a network with a user-configured
    /// subnet. Defaults to an address chosen by the engine.
    pub fn ipv6(self, address: impl Display) -> Self {
        self.change(|endpoint| endpoint.ipv6(address))
    }

    /// Adds a link-local address: an [`IpAddr`](std::net::IpAddr), or its text. Default: none.
    pub fn link_local_ip(self, address: impl Display) -> Self {
        self.change(|endpoint| endpoint.link_local_ip(address))
    }

    /// Adds a link: a name by which this container reaches another one, as `container:alias`.
    pub fn link(self, link: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.link(link))
    }

    /// Sets the MAC address, such as `02:42:ac:11:00:04`. Defaults to an address chosen by the engine. Requires API
    /// 1.54 or later: older engines ignore it here.
    pub fn mac_address(self, address: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.mac_address(address))
    }

    /// Sets an option of the network driver, such as `com.docker.network.endpoint.sysctls`. Default: no options.
    pub fn driver_opt(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.change(|endpoint| endpoint.driver_opt(key, value))
    }

    /// Sets the gateway priority: the network with the highest value provides the default gateway. Defaults to 0.
    /// Requires API 1.48 or later.
    pub fn gateway_priority(self, priority: i64) -> Self {
        self.change(|endpoint| endpoint.gateway_priority(priority))
    }

    /// Sets all endpoint settings at once. Replaces those set before.
    pub fn endpoint(self, endpoint: EndpointSettings) -> Self {
        self.change(|_| endpoint)
    }

    fn change(mut self, change: impl FnOnce(EndpointSettings) -> EndpointSettings) -> Self {
        self.0.body.endpoint_config = change(self.0.body.endpoint_config);
        self
    }
}

call!(Connect => (), connected);

/// The request, and the body as set so far.
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
    /// Omits the body, which may hold sensitive values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl Connection {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    /// Attaches the body and the version gates of the settings in it.
    fn request(self) -> Request {
        let endpoint = &self.body.endpoint_config;
        let mut request = self.request.json(&self.body);
        if let Some(why) = endpoint.invalid.first() {
            request = request.refuse(why.as_str());
        }
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

/// Strips the leading `/` that container inspection puts before a name.
pub(super) fn container_name(name: &str) -> &str {
    name.strip_prefix('/').unwrap_or(name)
}

pub(super) fn refuse_no_container(request: Request, container: &str) -> Request {
    if container.trim().is_empty() {
        request.refuse(format!("invalid container name {container:?}: names must not be empty"))
    } else {
        request
    }
}
