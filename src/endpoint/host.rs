//! Hosts as in `DOCKER_HOST`, parsed as the docker CLI parses them.

use super::address::{split_port, split_scheme, without_password};
use super::ssh_host::SshHost;
use crate::{Error, Result};
use std::fmt;
use std::path::{Path, PathBuf};

/// The address of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// `unix:///var/run/docker.sock`
    Unix(PathBuf),
    /// `tcp://host:port/base`. The base is `""`, or begins with a slash and does not end with one.
    Tcp { host: String, port: u16, base: String },
    /// `ssh://user@host:port/path/to/docker.sock`
    Ssh(SshHost),
    /// Reached through the client's own connector.
    Custom,
}

pub(crate) const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
const DEFAULT_PORT: u16 = 2375;
/// The longest path of a socket that Linux takes.
const LONGEST_SOCKET: usize = 107;
const EXAMPLES: &str = "such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375";

impl Host {
    /// Parses a host. Without a scheme it is TCP, as in the docker CLI, unless it is the path of a socket.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let (scheme, rest) = split_scheme(text).unwrap_or(("tcp", text));
        let wrong = |why: &str| Err(Error::config(format!("invalid engine host {:?}: {why}", without_password(text))));
        match scheme {
            _ if text.is_empty() => wrong(&format!("it is empty, expected one {EXAMPLES}")),
            // As TCP it would be another engine than the named one, in plain text.
            _ if is_path(text) => wrong("a socket is unix:///var/run/docker.sock, with an absolute path"),
            "unix" => match rest {
                "" => Ok(Self::Unix(DEFAULT_SOCKET.into())),
                path if path.contains('\0') => wrong("a socket's path has no NUL in it"),
                path if path.len() > LONGEST_SOCKET => {
                    let why = format!("the path of its socket has {} bytes, not at most {LONGEST_SOCKET}", path.len());
                    Err(Error::config(format!("invalid engine host: {why}")))
                }
                path => Ok(Self::Unix(path.into())),
            },
            "tcp" => Self::parse_tcp(rest).or_else(|why| wrong(&why)),
            "ssh" => SshHost::parse(rest).map(Self::Ssh).or_else(|why| wrong(&why)),
            "http" => wrong("write tcp://host:port, as for the docker CLI"),
            "https" => wrong("write tcp://host:port, and set TLS beside it (DOCKER_TLS_VERIFY), as for the docker CLI"),
            "npipe" => wrong("named pipes of Windows are not built in: bring one with `Connect`, whose docs show how"),
            "fd" => wrong("fd:// is for the engine to listen on, not for clients"),
            other => wrong(&format!("unsupported scheme {other}://, expected a host {EXAMPLES}")),
        }
    }

    fn parse_tcp(rest: &str) -> Result<Self, String> {
        let (authority, base) = match rest.split_once('/') {
            Some((authority, base)) => (authority, format!("/{}", base.trim_matches('/'))),
            None => (rest, String::new()),
        };
        if rest.contains(['?', '#', '@']) || rest.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err(format!("only a host, a port and a path are allowed, {EXAMPLES}"));
        }
        if base.split('/').any(|segment| segment == "." || segment == "..") {
            return Err("its path must not have . or .. in it".into());
        }
        let (host, port) = split_port(authority)?;
        let host = if host.is_empty() { "localhost" } else { host };
        let base = if base == "/" { String::new() } else { base };
        Ok(Self::Tcp { host: host.to_owned(), port: port.unwrap_or(DEFAULT_PORT), base })
    }
}

/// Returns whether a host is the path of a socket, without `unix://` in front.
fn is_path(text: &str) -> bool {
    split_scheme(text).is_none()
        && (text.starts_with(['/', '.', '~'])
            || Path::new(text).extension().is_some_and(|extension| extension == "sock"))
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp { host, port, base } if host.contains(':') => write!(f, "tcp://[{host}]:{port}{base}"),
            Self::Tcp { host, port, base } => write!(f, "tcp://{host}:{port}{base}"),
            Self::Ssh(ssh) => write!(f, "{ssh}"),
            Self::Custom => f.write_str("the engine, through the given connector"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Host;
    use crate::random::for_inputs;

    #[test]
    fn reads_hosts_as_the_docker_cli_does() {
        for (text, host) in [
            ("unix://", "unix:///var/run/docker.sock"),
            ("unix:///run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock"),
            (" unix:///tmp/x.sock\n", "unix:///tmp/x.sock"),
            ("tcp://", "tcp://localhost:2375"),
            ("tcp://:7777", "tcp://localhost:7777"),
            ("tcp://engine", "tcp://engine:2375"),
            ("tcp://10.0.0.1:2376", "tcp://10.0.0.1:2376"),
            ("10.0.0.1:2376", "tcp://10.0.0.1:2376"),
            ("engine", "tcp://engine:2375"),
            ("tcp://[::1]:", "tcp://[::1]:2375"),
            ("tcp://[::1]", "tcp://[::1]:2375"),
            ("tcp://[fe80::1]:80/base/path/", "tcp://[fe80::1]:80/base/path"),
            ("tcp://engine:2375/", "tcp://engine:2375"),
            ("ssh://engine", "ssh://engine"),
            ("ssh://me@engine:2222/run/docker.sock", "ssh://me@engine:2222/run/docker.sock"),
            ("ssh://[::1]:22/", "ssh://[::1]:22"),
        ] {
            assert_eq!(Host::parse(text).expect(text).to_string(), host, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_and_says_why() {
        for (text, why) in [
            ("", "it is empty"),
            ("/var/run/docker.sock", "a socket is unix:///var/run/docker.sock"),
            ("./docker.sock", "a socket is unix:///var/run/docker.sock"),
            ("~/.docker/run/docker.sock", "a socket is unix:///var/run/docker.sock"),
            ("run/docker.sock", "a socket is unix:///var/run/docker.sock"),
            ("docker.sock", "a socket is unix:///var/run/docker.sock"),
            (&format!("unix:///{}", "x".repeat(40_000)), "has 40001 bytes, not at most 107"),
            ("ssh://", "must not be empty"),
            ("ssh://me:secret@host", "passwords are not allowed"),
            ("ssh://-oProxyCommand=x", "begin with a dash"),
            ("ssh://-l@host", "begin with a dash"),
            ("ssh://host?x=1", "only a user"),
            ("ssh://host:x", "1 to 65535"),
            ("ssh://me:hunter2/x@host", "1 to 65535"),
            ("tcp://[hunter2]:1", "not an IPv6 address"),
            ("https://host:2376", "TLS beside it"),
            ("http://host", "tcp://host:port"),
            ("ftp://host", "unsupported scheme ftp://"),
            ("npipe:////./pipe/docker_engine", "bring one with `Connect`"),
            ("http://secret@host", "tcp://host:port"),
            ("tcp://secret@host:1", "only a host"),
            ("https://user:secret@host", "TLS beside it"),
            ("tcp://host:0", "1 to 65535"),
            ("tcp://host:65536", "1 to 65535"),
            ("tcp://host:+80", "1 to 65535"),
            ("tcp://::1:2375", "brackets"),
            ("tcp://[::1", "] of its IPv6"),
            ("tcp://[::1]2375", ": belongs after"),
            ("tcp://user:secret@host:1", "only a host"),
            ("tcp://host:1/?a=b", "only a host"),
            ("tcp://host:1/a/../b", ". or .."),
        ] {
            let error = Host::parse(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("secret"), "no password is shown: {error}");
        }
    }

    #[test]
    fn whatever_is_a_host_is_shown_as_itself_and_no_password_is() {
        let count = std::cell::Cell::new(0);
        for_inputs(20_000, |random| {
            let words = [
                "tcp",
                "unix",
                "ssh",
                "npipe",
                "://",
                "://",
                "://",
                "/",
                "/",
                "//",
                "..",
                ":",
                "[::1]",
                "[fe80::1%eth0]",
                "[",
                "]",
                "2375",
                "0",
                "@",
                "user:hunter2@",
                "me@",
                "host",
                "run",
                "?",
                "#",
                " ",
                "\\",
                "\0",
                "\u{e9}",
                "\u{3000}",
                "-o",
            ];
            let text = random.text(&words, 7);
            match Host::parse(&text) {
                Ok(host) => {
                    let shown = host.to_string();
                    assert_eq!(Host::parse(&shown).expect(&shown), host, "{text:?} is shown as {shown:?}");
                    count.set(count.get() + 1);
                }
                Err(error) => assert!(!error.to_string().contains("hunter2"), "{text:?}: {error}"),
            }
        });
        assert!(count.get() > 1_000, "{} of them are hosts", count.get());
    }
}
