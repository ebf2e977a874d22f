//! Parses published ports in the docker CLI's form: `127.0.0.1:8080:80/tcp`.

use super::{Port, PortBinding, Protocol};
use std::net::IpAddr;

const FORM: &str = "[address:][host port:]port[/tcp|/udp|/sctp], such as 8080:80, 127.0.0.1:8080:80/tcp, [::1]:8080:80 or 8000-8009:80-89, or published=8080,target=80[,protocol=udp]";

/// Returns each container port with the host address and port that it is published on.
pub(super) fn parse(text: &str) -> Result<Vec<(Port, PortBinding)>, String> {
    let wrong = || format!("invalid port mapping {:?}: use {FORM}", text.chars().take(64).collect::<String>());
    let long = text.contains('=').then(|| short(text).ok_or_else(wrong)).transpose()?;
    let text = long.as_deref().unwrap_or(text);
    let (rest, protocol) = protocol(text).ok_or_else(wrong)?;
    let (address, rest) = address(rest).ok_or_else(wrong)?;
    let (host, container) = rest.rsplit_once(':').unwrap_or(("", rest));
    let (first, last) = range(container).ok_or_else(wrong)?;
    let binding = |host_port: String| PortBinding { host_ip: address.clone(), host_port };
    let ports = (first..=last).map(|number| Port { number, protocol: protocol.clone() });
    if matches!(host, "" | "0") {
        return Ok(ports.map(|port| (port, binding(String::new()))).collect());
    }
    let (host_first, host_last) = range(host).ok_or_else(wrong)?;
    if last - first == host_last - host_first {
        return Ok(ports.zip(host_first..=host_last).map(|(port, host)| (port, binding(host.to_string()))).collect());
    }
    // One container port with a range of host ports: the engine chooses a free one of them.
    if first == last { Ok(ports.map(|port| (port, binding(host.to_owned()))).collect()) } else { Err(wrong()) }
}

/// Converts `published=8080,target=80,protocol=tcp` to `8080:80/tcp`, as the docker CLI does.
fn short(text: &str) -> Option<String> {
    let (mut published, mut target, mut protocol) = ("0", "", "tcp");
    for field in text.split(',') {
        match field.split_once('=')? {
            ("published", ports) => published = ports,
            ("target", ports) => target = ports,
            ("protocol", name) => protocol = name,
            ("mode", "host" | "ingress") => {} // of services: the docker CLI leaves it out for a container
            _ => return None,
        }
    }
    Some(format!("{published}:{target}/{protocol}"))
        .filter(|short| !short.contains('[') && short.matches(':').count() == 1)
}

/// Splits off the protocol, which defaults to TCP.
pub(super) fn protocol(text: &str) -> Option<(&str, Protocol)> {
    let (ports, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
    match Protocol::from(protocol.to_ascii_lowercase()) {
        Protocol::Unknown(_) => None,
        protocol => Some((ports, protocol)),
    }
}

/// Splits off a leading host address, if there is one.
fn address(text: &str) -> Option<(String, &str)> {
    let (address, rest) = match text.strip_prefix('[') {
        Some(text) => text.split_once("]:")?,
        // The last two fields are the ports, whatever colons an IPv6 address has.
        None => match text.rmatch_indices(':').nth(1) {
            Some((colon, _)) => (text.get(..colon)?, text.get(colon + 1..)?),
            None => return Some((String::new(), text)),
        },
    };
    let address = if address.is_empty() { String::new() } else { address.parse::<IpAddr>().ok()?.to_string() };
    Some((address, rest))
}

/// Parses a port or a range of ports, and returns the first and the last.
pub(super) fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse::<u16>().ok().filter(|number| *number > 0 && !text.starts_with('+'));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn ports_are_read_as_docker_reads_them() {
        for (text, published) in [
            ("80", "80/tcp  "),
            ("8080:80", "80/tcp  8080"),
            ("53:53/UDP", "53/udp  53"),
            ("127.0.0.1:8080:80/tcp", "80/tcp 127.0.0.1 8080"),
            ("127.0.0.1::80", "80/tcp 127.0.0.1 "),
            ("[::1]:8080:80", "80/tcp ::1 8080"),
            ("::1:8080:80", "80/tcp ::1 8080"),
            ("0:80", "80/tcp  "),
            ("127.0.0.1:0:80", "80/tcp 127.0.0.1 "),
            ("8000-8001:80-81", "80/tcp  8000, 81/tcp  8001"),
            ("8000-8009:80", "80/tcp  8000-8009"),
            ("80-81", "80/tcp  , 81/tcp  "),
            ("65535:80", "80/tcp  65535"),
            ("published=8080,target=80", "80/tcp  8080"),
            ("target=53,protocol=UDP,published=53", "53/udp  53"),
            ("target=80", "80/tcp  "),
            ("published=8080,target=80,mode=host", "80/tcp  8080"),
            ("published=8000-8001,target=80-81", "80/tcp  8000, 81/tcp  8001"),
            ("65534-65535:65534-65535", "65534/tcp  65534, 65535/tcp  65535"),
        ] {
            let all = parse(text).expect(text);
            let all: Vec<_> =
                all.iter().map(|(port, binding)| format!("{port} {} {}", binding.host_ip, binding.host_port)).collect();
            assert_eq!(all.join(", "), published, "{text}");
        }
        for text in [
            "",
            "0",
            "8080:",
            "x:80",
            "80/http",
            "65536",
            "8080:80:1",
            "host:8080:80",
            "::1:80",
            "8080:0",
            "[::1:80",
            "81-80",
            "1-3:80-81",
            "+80",
            "8080:80/",
            "published=8080",
            "published=8080,target=80,mode=vip",
            "published=127.0.0.1:8080,target=80",
            "target=80,protocol=http",
            "target=80,tcp",
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains("such as 8080:80"), "{error}");
        }
    }
}
