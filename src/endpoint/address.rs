//! Hosts and ports, as in the authority of a URL.

/// Splits `host`, `host:port` or `[v6]:port`.
pub(super) fn split_port(authority: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (host, port) = v6.split_once(']').ok_or("the ] of its IPv6 address is missing")?;
            let address = host.split_once('%').map_or(host, |(address, _zone)| address);
            address.parse::<std::net::Ipv6Addr>().map_err(|_| "what is in its brackets is not an IPv6 address")?;
            (host, port.strip_prefix(':').or(Some("").filter(|_| port.is_empty())).ok_or("a : belongs after the ]")?)
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    if port.contains(':') {
        return Err("put an IPv6 address in brackets, such as tcp://[::1]:2375".into());
    }
    match port {
        "" => Ok((host, None)),
        digits if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            let port = digits.parse().ok().filter(|port| *port > 0).ok_or("its port is not one of 1 to 65535")?;
            Ok((host, Some(port)))
        }
        // Not shown: a password with a slash in it is split here.
        _ => Err("its port is not a number of 1 to 65535".into()),
    }
}

/// Splits a URL's scheme off, if it has one.
pub(crate) fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let is_scheme = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    url.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
}

/// Returns a URL for error messages: without a password, or a token in place of a user name.
pub(super) fn without_password(url: &str) -> String {
    let (scheme, rest) = split_scheme(url).unwrap_or(("", url));
    let Some((login, address)) = rest.rsplit_once('@') else { return url.to_owned() };
    let separator = if scheme.is_empty() { "" } else { "://" };
    match login.split_once(':') {
        Some((user, _password)) if scheme == "ssh" => format!("{scheme}{separator}{user}:…@{address}"),
        None if scheme == "ssh" => url.to_owned(),
        _ => format!("{scheme}{separator}…@{address}"),
    }
}
