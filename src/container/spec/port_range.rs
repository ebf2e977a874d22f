//! [`PortRange`]: container ports that follow each other.

use super::text::ParseOptionError;
use super::{Port, Protocol, published};
use crate::wire::{from_text, serde_as_text};
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Container ports that follow each other: a number, a [`Port`], a range, or a text such as `8000-8009/tcp`. A bare
/// number is TCP.
///
/// ```
/// use longshore::container::{Port, PortRange};
///
/// assert_eq!("53/udp".parse(), Ok(PortRange::from(Port::udp(53))));
/// assert_eq!("8000-8009".parse(), Ok(PortRange::from(8000..=8009)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The first port.
    pub first: u16,
    /// The last port.
    pub last: u16,
    /// The protocol of all of them.
    pub protocol: Protocol,
}

impl PortRange {
    /// Iterates over the ports.
    pub fn ports(&self) -> impl Iterator<Item = Port> {
        (self.first..=self.last).map(|number| Port { number, protocol: self.protocol.clone() })
    }
}

impl From<Port> for PortRange {
    fn from(port: Port) -> Self {
        Self { first: port.number, last: port.number, protocol: port.protocol }
    }
}

impl From<u16> for PortRange {
    fn from(number: u16) -> Self {
        Port::tcp(number).into()
    }
}

impl From<RangeInclusive<u16>> for PortRange {
    /// Takes the range as TCP ports.
    fn from(range: RangeInclusive<u16>) -> Self {
        Self { first: *range.start(), last: *range.end(), protocol: Protocol::Tcp }
    }
}

impl fmt::Display for PortRange {
    /// Writes `8000-8009/tcp`, or `53/udp` for one port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last, protocol } = self;
        if first == last { write!(f, "{first}/{protocol}") } else { write!(f, "{first}-{last}/{protocol}") }
    }
}

impl FromStr for PortRange {
    type Err = ParseOptionError;

    /// Parses the value that the docker CLI takes for `--expose`.
    fn from_str(text: &str) -> Result<Self, ParseOptionError> {
        let parsed = published::protocol(text).and_then(|(ports, protocol)| Some((published::range(ports)?, protocol)));
        parsed.map(|((first, last), protocol)| Self { first, last, protocol }).ok_or_else(|| {
            ParseOptionError::new(
                "port",
                text,
                "a number or a range, with /tcp (the default), /udp or /sctp, such as 53/udp or 8000-8009",
            )
        })
    }
}

from_text!(PortRange);
serde_as_text!(PortRange);

#[cfg(test)]
mod tests {
    use super::{Port, PortRange};

    #[test]
    fn ranges_are_read_as_docker_reads_them() {
        assert_eq!("80".parse(), Ok(PortRange::from(80)));
        assert_eq!("7000-7001/UDP".parse(), Ok(PortRange { last: 7001, ..Port::udp(7000).into() }));
        for text in ["53/udp", "8000-8009/tcp"] {
            assert_eq!(text.parse::<PortRange>().expect(text).to_string(), text);
        }
        for text in ["", "0", "80-", "-80", "81-80", "80/http", "80:80", "+80"] {
            let error = text.parse::<PortRange>().expect_err(text).to_string();
            assert!(error.ends_with("such as 53/udp or 8000-8009"), "{error}");
        }
    }
}
