//! Looks up published ports.

use super::{Container, ContainerInspect, Port};
use crate::request::{Request, call, json};
use crate::{Error, Limits, Result};
use std::fmt::Display;

impl Container {
    /// Returns the host port that a container port is published on, such as a port that the engine chose. The container
    /// port is a number, a [`Port`], or a text such as `53/udp`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /containers/web/json",
    /// #     r#"200 {"State":{"Running":true},"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"32768"}]}}}"#)]);
    /// let port = docker.container("web").mapped_port(80).await?; // of `publish(0, 80)`
    /// assert_eq!(port, 32768);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/json`
    ///
    /// # Errors
    /// [`Error::is_invalid`] if the port is not published, or the container is not running. The error names the
    /// published ports.
    /// [`Error::is_not_found`] if the container does not exist.
    pub fn mapped_port(&self, port: impl TryInto<Port, Error: Display>) -> MappedPort {
        let inspect = self.get("/containers/{id}/json");
        let (inspect, port) = match port.try_into() {
            Ok(port) => (inspect, port.to_string()),
            Err(why) => (inspect.refuse(why.to_string()), String::new()),
        };
        MappedPort(PortCall { inspect, id: self.id.clone(), port })
    }
}

/// A call of [`Container::mapped_port`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct MappedPort(PortCall);

/// The parts of a call for a port.
#[derive(Clone, Debug)]
struct PortCall {
    inspect: Request,
    id: String,
    port: String,
}

impl PortCall {
    fn limits(self, limits: Limits) -> Self {
        Self { inspect: self.inspect.limits(limits), ..self }
    }
}

call!(MappedPort => u16, mapped);

async fn mapped(PortCall { inspect, id, port }: PortCall) -> Result<u16> {
    let label = inspect.label();
    let inspected: ContainerInspect = json(inspect).await?;
    let ports = &inspected.network_settings.ports;
    // Podman reports the ports of a stopped container too.
    let bindings = ports.get(&port).filter(|_| inspected.state.running);
    let published = bindings.into_iter().flatten().find_map(super::PortBinding::port);
    published.ok_or_else(|| {
        let others: Vec<_> =
            ports.iter().filter(|(_, bindings)| !bindings.is_empty()).map(|(port, _)| port.to_owned()).collect();
        let others = match &*others {
            _ if !inspected.state.running => "it is not running".to_owned(),
            [] => "it publishes no ports".to_owned(),
            others => format!("published: {}", others.join(", ")),
        };
        let message = format!("the container {id} does not publish {port}: {others}");
        Error::input(message).in_call(|| label.to_string())
    })
}
