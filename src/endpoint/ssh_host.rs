//! Hosts reached over SSH: `ssh://user@host:port/socket`.

use super::address::split_port;
use std::fmt;

/// A host whose engine is reached over SSH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SshHost {
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    /// The socket on the remote host. Defaults to its engine's own.
    pub(crate) socket: Option<String>,
}

impl SshHost {
    /// Parses `user@host:port/socket`, as the docker CLI does. Refuses passwords and anything that `ssh` would take for
    /// an option.
    pub(super) fn parse(rest: &str) -> Result<Self, String> {
        let (authority, socket) = match rest.split_once('/') {
            Some((authority, "")) => (authority, None),
            Some((authority, path)) => (authority, Some(format!("/{path}"))),
            None => (rest, None),
        };
        if rest.contains(['?', '#']) || rest.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err("only a user, a host, a port and a socket path are allowed".into());
        }
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => {
                return Err("passwords are not allowed: use a key or an SSH agent".into());
            }
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (host, port) = split_port(address)?;
        let is_option = |text: &str| text.is_empty() || text.starts_with('-');
        if is_option(host) || user.is_some_and(is_option) {
            return Err("its host and user must not be empty and must not begin with a dash".into());
        }
        Ok(Self { user: user.map(str::to_owned), host: host.to_owned(), port, socket })
    }
}

impl fmt::Display for SshHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ssh://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.socket.as_deref().unwrap_or_default())
    }
}
