//! The setters of a [`ContainerSpec`] for its ports.

use super::{ContainerConfig, ContainerSpec, Port, PortBinding, PortRange, published};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::IpAddr;

impl ContainerSpec {
    /// Publishes a container port on a host port, on all addresses of the host. With host port 0, the engine chooses
    /// one.
    ///
    /// A bare number is TCP: `publish(8080, 80)`, `publish(53, Port::udp(53))`, `publish(53, "53/udp")`.
    pub fn publish(self, host_port: u16, port: impl TryInto<Port, Error: Display>) -> Self {
        self.bind_port(PortBinding::new(host_port), port)
    }

    /// Publishes a container port as [`publish`](Self::publish) does, on one address of the host.
    pub fn publish_on(
        self,
        host_ip: impl Into<IpAddr>,
        host_port: u16,
        port: impl TryInto<Port, Error: Display>,
    ) -> Self {
        let host_ip = host_ip.into().to_string();
        self.bind_port(PortBinding { host_ip, ..PortBinding::new(host_port) }, port)
    }

    /// Publishes ports in the form of `docker run --publish`: `8080:80`, `127.0.0.1:8080:80/tcp`, `[::1]:8080:80`,
    /// `53:53/udp`, `8000-8009:80-89` or `published=8080,target=80`. With host port 0 or none, the engine chooses one.
    ///
    /// ```
    /// use longshore::container::ContainerSpec;
    ///
    /// let spec = ContainerSpec::new("nginx:1.27").ports("127.0.0.1:8080:80").memory("512m").mount("site:/srv:ro");
    /// assert_eq!(spec, ContainerSpec::new("nginx:1.27").publish_on([127, 0, 0, 1], 8080, 80).memory(512 << 20)
    ///     .mount(longshore::container::Mount::volume("site", "/srv").read_only(true)));
    /// ```
    pub fn ports(self, ports: impl AsRef<str>) -> Self {
        self.set(published::parse(ports.as_ref()), Self::bind_ports)
    }

    /// Publishes each exposed port, including those of the image, on a host port that the engine chooses. Defaults to
    /// `false`.
    pub fn publish_all_ports(mut self, publish: bool) -> Self {
        self.host_config.publish_all_ports = publish;
        self
    }

    fn bind_port(self, binding: PortBinding, port: impl TryInto<Port, Error: Display>) -> Self {
        self.set(port.try_into(), |spec, port| spec.bind_ports(vec![(port, binding)]))
    }

    /// A short text may name all 65,535 ports: they are added together, not one by one.
    fn bind_ports(&mut self, ports: Vec<(Port, PortBinding)>) {
        self.config.expose(ports.iter().map(|(port, _)| port));
        let mut bindings = BTreeMap::from(std::mem::take(&mut self.host_config.port_bindings));
        for (port, binding) in ports {
            bindings.entry(port.to_string()).or_default().push(binding);
        }
        self.host_config.port_bindings = bindings.into();
    }

    /// Exposes container ports without publishing them: `80`, `Port::udp(53)`, `8000..=8009`, or a text such as
    /// `"53/udp"` or `"8000-8009/tcp"`.
    pub fn expose(self, ports: impl TryInto<PortRange, Error: Display>) -> Self {
        self.set(ports.try_into(), |spec, ports| spec.config.expose(ports.ports()))
    }
}

impl ContainerConfig {
    fn expose(&mut self, ports: impl Iterator<Item = impl Display>) {
        self.exposed_ports.extend(ports.map(|port| port.to_string()));
        self.exposed_ports.sort();
        self.exposed_ports.dedup();
    }
}
