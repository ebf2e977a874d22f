//! The setters of a [`ServiceSpec`] for its endpoint, and the docker CLI's forms of published ports: `8080:80` or
//! `published=8080,target=80,mode=host`.

use super::{ResolutionMode, ServiceSpec};
use crate::container::{Port, Protocol};
use crate::task::{PortConfig, PublishMode};
use std::fmt::Display;

const FORM: &str = "[published:]port[/tcp|/udp|/sctp], such as 8080:80, 53:53/udp or 8000-8009:80-89, or published=8080,target=80[,protocol=udp][,mode=host]";

impl ServiceSpec {
    /// Publishes a port in ingress mode: every node accepts connections and forwards them to a task. With a published
    /// port of 0, the engine chooses one.
    pub fn publish(self, published_port: u16, port: impl TryInto<Port, Error: Display>) -> Self {
        self.publish_in(published_port, port, PublishMode::default())
    }

    /// Publishes a port in host mode: only nodes with a task accept connections, each for its own task. This allows one
    /// task per node, unless the published port is 0.
    pub fn publish_host_mode(self, published_port: u16, port: impl TryInto<Port, Error: Display>) -> Self {
        self.publish_in(published_port, port, PublishMode::Host)
    }

    fn publish_in(self, published_port: u16, port: impl TryInto<Port, Error: Display>, mode: PublishMode) -> Self {
        self.set(port.try_into(), |spec, port| {
            spec.endpoint_spec.get_or_insert_default().ports.push(config(published_port, port, mode));
        })
    }

    /// Publishes ports in the form of `docker service create --publish`: `8080:80`, `53:53/udp`, `8000-8009:80-89` or
    /// `published=8080,target=80,mode=host`.
    ///
    /// ```
    /// use longshore::service::ServiceSpec;
    ///
    /// let web = || ServiceSpec::new("web", "nginx:1.27");
    /// assert_eq!(web().ports("8080:80"), web().publish(8080, 80));
    /// assert_eq!(web().ports("published=8080,target=80,mode=host"), web().publish_host_mode(8080, 80));
    /// ```
    pub fn ports(self, ports: impl AsRef<str>) -> Self {
        self.set(parse(ports.as_ref()), |spec, ports| spec.endpoint_spec.get_or_insert_default().ports.extend(ports))
    }

    /// Sets the resolution of the service's name on its networks. Defaults to [`ResolutionMode::Vip`].
    pub fn endpoint_mode(mut self, mode: impl Into<ResolutionMode>) -> Self {
        self.endpoint_spec.get_or_insert_default().mode = mode.into();
        self
    }
}

fn config(published_port: u16, Port { number, protocol }: Port, publish_mode: PublishMode) -> PortConfig {
    let protocol = if protocol == Protocol::Tcp { Protocol::default() } else { protocol };
    PortConfig {
        protocol,
        target_port: number.into(),
        published_port: published_port.into(),
        publish_mode,
        ..PortConfig::default()
    }
}

fn parse(text: &str) -> Result<Vec<PortConfig>, String> {
    let ports = if text.contains('=') { long(text).map(|port| vec![port]) } else { short(text) };
    ports.ok_or_else(|| {
        let has_address = !text.contains('=') && text.matches(':').count() > 1;
        let why = if has_address { "a service has no address to publish on: " } else { "" };
        format!("invalid port mapping {:?}: {why}use {FORM}", text.chars().take(64).collect::<String>())
    })
}

fn short(text: &str) -> Option<Vec<PortConfig>> {
    let (ports, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
    let protocol = known(protocol)?;
    let (published, target) = ports.rsplit_once(':').unwrap_or(("0", ports));
    let (first, last) = range(target).filter(|(first, _)| *first > 0)?;
    let (published_first, published_last) = range(published).filter(|(first, last)| *first > 0 || *last == 0)?;
    let port = |number| Port { number, protocol: protocol.clone() };
    let one = |(published, number)| config(published, port(number), PublishMode::default());
    match (last - first, published_last - published_first) {
        // Like the docker CLI, publishes one port on each of a range.
        (0, _) => Some((published_first..=published_last).map(|published| one((published, first))).collect()),
        (_, 0) if published == "0" => Some((first..=last).map(|number| one((0, number))).collect()),
        (wide, as_wide) if wide == as_wide => {
            Some((published_first..=published_last).zip(first..=last).map(one).collect())
        }
        _ => None,
    }
}

fn long(text: &str) -> Option<PortConfig> {
    let (mut port, mut published, mut mode) = (Port::tcp(0), 0, PublishMode::default());
    for field in text.split(',') {
        match field.split_once('=')? {
            ("target", number) => port.number = self::number(number)?,
            ("published", number) => published = self::number(number)?,
            ("protocol", protocol) => port.protocol = known(protocol)?,
            ("mode", "ingress") => mode = PublishMode::default(),
            ("mode", "host") => mode = PublishMode::Host,
            _ => return None,
        }
    }
    (port.number > 0).then(|| config(published, port, mode))
}

fn known(protocol: &str) -> Option<Protocol> {
    Some(Protocol::from(protocol.to_ascii_lowercase())).filter(|protocol| !matches!(protocol, Protocol::Unknown(_)))
}

/// Parses a port or a range of ports, and returns the first and the last.
fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last)
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn ports_are_read_as_docker_reads_them() {
        for (text, published) in [
            ("80", "0:80/ "),
            ("8080:80", "8080:80/ "),
            ("8080:80/TCP", "8080:80/ "),
            ("53:53/udp", "53:53/udp "),
            ("8000-8001:80-81", "8000:80/ , 8001:81/ "),
            ("8000-8001:80", "8000:80/ , 8001:80/ "),
            ("80-81", "0:80/ , 0:81/ "),
            ("65534-65535:65534-65535", "65534:65534/ , 65535:65535/ "),
            ("target=80", "0:80/ "),
            ("published=8080,target=80,protocol=udp,mode=host", "8080:80/udp host"),
            ("mode=ingress,target=80,published=8080,protocol=tcp", "8080:80/ "),
        ] {
            let ports = parse(text).expect(text);
            let ports: Vec<_> = ports
                .iter()
                .map(|port| {
                    format!("{}:{}/{} {}", port.published_port, port.target_port, port.protocol, port.publish_mode)
                })
                .collect();
            assert_eq!(ports.join(", "), published, "{text}");
        }
        for text in [
            "",
            "0",
            "8080:",
            ":80",
            "x:80",
            "80/http",
            "65536",
            "81-80",
            "1-3:80-81",
            "8080:80-81",
            "+80",
            "0-1:80-81",
            "127.0.0.1:8080:80",
            "published=8080",
            "target=80,mode=vip",
            "target=80,protocol=http",
            "target=80,color=red",
            "target=80,host",
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains("such as 8080:80"), "{error}");
            assert_eq!(error.contains("no address"), text.starts_with("127"), "{error}");
        }
    }
}
