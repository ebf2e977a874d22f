//! Making connections: the unix and TCP sockets that come with the crate, and those of a [`Connect`].

use super::io::Stream;
use super::socket::Connect;
use crate::config::Host;
use crate::{Error, ErrorKind, Result};
use hyper_util::rt::TokioIo;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpStream;

/// Where connections go.
#[derive(Clone, Debug)]
pub(crate) enum Connector {
    Unix(PathBuf),
    Tcp { host: String, port: u16 },
    Custom(Arc<dyn Connect>),
}

/// A connector, and the name that errors call it by.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) connector: Connector,
    pub(crate) name: String,
    /// What precedes every path: `""` or `/base`.
    pub(crate) base: String,
}

impl Target {
    pub(crate) fn custom(connector: Arc<dyn Connect>) -> Self {
        let name = "the engine, through the given connector".to_owned();
        Self { connector: Connector::Custom(connector), name, base: String::new() }
    }

    /// The value of the `Host` header: a host for TCP; elsewhere what the Go client sends, since it has to be something.
    pub(crate) fn authority(&self) -> String {
        match &self.connector {
            Connector::Tcp { host, port } if host.contains(':') => {
                let address = host.split_once('%').map_or(host.as_str(), |(address, _zone)| address);
                format!("[{address}]:{port}")
            }
            Connector::Tcp { host, port } => format!("{host}:{port}"),
            Connector::Unix(_) | Connector::Custom(_) => "api.moby.localhost".to_owned(),
        }
    }

    pub(super) async fn connect(&self) -> Result<Stream> {
        let stream = match &self.connector {
            Connector::Unix(path) => connect_unix(path).await,
            Connector::Tcp { host, port } => connect_tcp(host, *port).await,
            Connector::Custom(connector) => {
                connector.connect().await.map(|socket| Stream::Custom(TokioIo::new(socket)))
            }
        };
        stream.map_err(|error| self.explain(error))
    }

    fn explain(&self, error: io::Error) -> Error {
        let hint = match (&self.connector, error.kind()) {
            (Connector::Custom(_), _) => None,
            (Connector::Unix(_), io::ErrorKind::PermissionDenied) => {
                Some("this user may not use the socket: join its group (usually `docker`), then log in again")
            }
            (Connector::Unix(_), io::ErrorKind::NotFound) => {
                Some("no such socket: is an engine running? DOCKER_HOST names another one")
            }
            (_, io::ErrorKind::ConnectionRefused) => Some("nothing listens there: is the engine running?"),
            (Connector::Tcp { .. }, io::ErrorKind::NotFound) => Some("is the host's name right?"),
            _ => None,
        };
        let failure = Error::new(ErrorKind::Connect, format!("cannot connect to {}: {error}", self.name));
        let failure = failure.with_source(error);
        hint.into_iter().fold(failure, Error::with_hint)
    }
}

impl From<Host> for Target {
    fn from(host: Host) -> Self {
        let name = host.to_string();
        match host {
            Host::Unix(path) => Self { connector: Connector::Unix(path), name, base: String::new() },
            Host::Tcp { host, port, base } => Self { connector: Connector::Tcp { host, port }, name, base },
        }
    }
}

#[cfg(unix)]
async fn connect_unix(path: &std::path::Path) -> io::Result<Stream> {
    use tower_service::Service;
    let uri = hyperlocal::Uri::new(path, "/").into();
    hyperlocal::UnixConnector.call(uri).await.map(Stream::Unix)
}

#[cfg(not(unix))]
async fn connect_unix(_: &std::path::Path) -> io::Result<Stream> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this platform has no unix sockets"))
}

async fn connect_tcp(host: &str, port: u16) -> io::Result<Stream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?; // a request is one write: nothing to wait for
    Ok(Stream::Tcp(TokioIo::new(stream)))
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::config::Host;
    use std::io;

    #[test]
    fn says_what_to_do_about_a_socket_that_one_may_not_use() {
        let target = Target::from(Host::parse("unix:///var/run/docker.sock").expect("a host"));
        let error = target.explain(io::Error::from_raw_os_error(13));
        assert!(error.is_connect());
        assert_eq!(
            error.to_string(),
            "cannot connect to unix:///var/run/docker.sock: Permission denied (os error 13); \
             this user may not use the socket: join its group (usually `docker`), then log in again"
        );
    }

    #[test]
    fn names_hosts_as_http_wants_them() {
        for (host, authority) in [
            ("tcp://engine:1", "engine:1"),
            ("tcp://[fe80::1%eth0]:80/base", "[fe80::1]:80"),
            ("unix:///x", "api.moby.localhost"),
        ] {
            assert_eq!(Target::from(Host::parse(host).expect(host)).authority(), authority);
        }
    }
}
