//! [`Port`] and [`PortBinding`]: a container port, and where it is published.

use crate::Map;
use crate::wire::{from_text, open_enum, serde_as_text};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

open_enum! {
    /// The protocol of a port.
    pub enum Protocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP.
        Sctp = "sctp",
    }
}

/// A container port: a number and a protocol, or a text such as `53/udp`. A bare number is TCP.
///
/// ```
/// use longshore::container::Port;
///
/// assert_eq!(Port::from(80).to_string(), "80/tcp");
/// assert_eq!("53/udp".parse(), Ok(Port::udp(53)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
}

impl Port {
    /// Creates a TCP port.
    #[must_use]
    pub const fn tcp(number: u16) -> Self {
        Self { number, protocol: Protocol::Tcp }
    }

    /// Creates a UDP port.
    #[must_use]
    pub const fn udp(number: u16) -> Self {
        Self { number, protocol: Protocol::Udp }
    }

    /// Creates an SCTP port.
    #[must_use]
    pub const fn sctp(number: u16) -> Self {
        Self { number, protocol: Protocol::Sctp }
    }
}

impl From<u16> for Port {
    fn from(number: u16) -> Self {
        Self::tcp(number)
    }
}

impl fmt::Display for Port {
    /// Writes `80/tcp`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol)
    }
}

/// The error of parsing a [`Port`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid port {text:?}: use a number from 1 to 65535, with /tcp (the default), /udp or /sctp, such as 53/udp")]
pub struct ParsePortError {
    text: String,
}

impl FromStr for Port {
    type Err = ParsePortError;

    fn from_str(text: &str) -> Result<Self, ParsePortError> {
        let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let protocol = Protocol::from(protocol.to_ascii_lowercase());
        match number.parse() {
            Ok(number @ 1..) if number_is_plain(text) && !matches!(protocol, Protocol::Unknown(_)) => {
                Ok(Self { number, protocol })
            }
            _ => Err(ParsePortError { text: text.chars().take(64).collect() }),
        }
    }
}

from_text!(Port);
serde_as_text!(Port);

/// Rust's integers accept a leading `+`, ports do not.
fn number_is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// The host addresses and ports that each container port is published on, by `port/protocol`.
pub type PortMap = Map<Vec<PortBinding>>;

/// A host address and port that a container port is published on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PortBinding {
    /// The host address. Empty for all addresses.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub host_ip: String,
    /// The host port or a range, such as `8080` or `8000-9000`. If empty, the engine chooses a port.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub host_port: String,
}

impl PortBinding {
    /// Creates a binding on all addresses of the host. With port 0, the engine chooses one.
    #[must_use]
    pub fn new(port: u16) -> Self {
        let host_port = if port == 0 { String::new() } else { port.to_string() };
        Self { host_ip: String::new(), host_port }
    }

    /// Returns the port number; `None` if it is empty or a range.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.host_port.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Port, PortMap};

    #[test]
    fn parses_ports_and_refuses_what_is_none() {
        assert_eq!("80".parse(), Ok(Port::tcp(80)));
        assert_eq!("132/SCTP".parse(), Ok(Port::sctp(132)));
        for text in ["", "0", "80/", "80/http", "65536", "+80", "-1", " 80", "80-81", "/tcp"] {
            assert!(text.parse::<Port>().is_err(), "{text}");
        }
    }

    #[test]
    fn reads_a_port_map_with_nulls() {
        let json =
            r#"{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":""}],"443/tcp":null}"#;
        let ports: PortMap = serde_json::from_str(json).expect("ports");
        let numbers: Vec<_> = ports.get("80/tcp").into_iter().flatten().map(super::PortBinding::port).collect();
        assert_eq!(numbers, [Some(8080), None]);
        assert_eq!(ports.get("443/tcp"), Some(&Vec::new()));
    }
}
