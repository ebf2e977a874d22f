//! Parses IP addresses for setters, which take an address or its text, and lines for `/etc/hosts`.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// An IP address, and how the error of parsing it describes it.
pub(crate) trait Ip: FromStr {
    const FORM: &str;
}

impl Ip for IpAddr {
    const FORM: &str = "an IP address such as 172.20.0.9 or 2001:db8::9";
}

impl Ip for Ipv4Addr {
    const FORM: &str = "an IPv4 address such as 172.20.0.9";
}

impl Ip for Ipv6Addr {
    const FORM: &str = "an IPv6 address such as 2001:db8::9";
}

pub(crate) fn parse_ip<A: Ip>(address: impl Display) -> Result<A, String> {
    let text = address.to_string();
    text.parse().map_err(|_| {
        let text: String = text.chars().take(64).collect();
        format!("invalid address {text:?}: use {}", A::FORM)
    })
}

/// Returns the name and the address of a line for `/etc/hosts`. Like the docker CLI, takes an address in brackets too, which
/// engines refuse.
pub(crate) fn parse_extra_host(name: impl Display, address: impl Display) -> Result<(String, String), String> {
    let (name, mut address) = (name.to_string(), address.to_string());
    if let Some(inner) = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        address = inner.to_owned();
    }
    let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    if is_word(&name) && !name.contains(':') && is_word(&address) {
        return Ok((name, address));
    }
    Err(format!("invalid extra host {name:?} with address {address:?}: use a name without ':', and an address"))
}
