//! Opens connections: over the built-in unix and TCP sockets, or those of a [`Connect`].

use super::socket::Connect;
#[cfg(unix)]
use super::ssh::SshSocket;
use super::stream::Stream;
use super::tcp;
#[cfg(feature = "tls-no-provider")]
use super::tls::{TlsClient, advice};
#[cfg(unix)]
use crate::endpoint::SshHost;
use crate::endpoint::{Endpoint, Host, Origin};
use crate::{Error, ErrorKind, Result};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The way to open connections.
#[derive(Clone, Debug)]
enum Connector {
    Unix(PathBuf),
    Tcp {
        host: String,
        port: u16,
    },
    #[cfg(feature = "tls-no-provider")]
    Tls {
        host: String,
        port: u16,
        tls: TlsClient,
    },
    #[cfg(unix)]
    Ssh {
        program: PathBuf,
        host: SshHost,
    },
    Custom(Arc<dyn Connect>),
}

/// An engine's endpoint, and the way to connect to it.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) endpoint: Endpoint,
    connector: Connector,
}

impl Target {
    /// Refuses unsupported endpoints: there is no fallback to plain text or to another engine. `ssh` is the program for
    /// hosts behind SSH.
    pub(crate) fn new(endpoint: Endpoint, ssh: &Path) -> Result<Self> {
        let connector = match (&endpoint.host, &endpoint.tls) {
            #[cfg(feature = "tls-no-provider")]
            (Host::Tcp { host, port, .. }, Some(tls)) => {
                Connector::Tls { host: host.clone(), port: *port, tls: TlsClient::new(tls, host)? }
            }
            #[cfg(not(feature = "tls-no-provider"))]
            (Host::Tcp { .. }, Some(_)) => {
                let message = format!("{endpoint} requires TLS, which this build of longshore lacks");
                return Err(Error::config(message).with_hint("enable the crate's feature `tls`"));
            }
            (Host::Tcp { host, port, .. }, None) => Connector::Tcp { host: host.clone(), port: *port },
            (Host::Unix(path), _) => Connector::Unix(path.clone()),
            #[cfg(unix)]
            (Host::Ssh(host), _) => Connector::Ssh { program: ssh.to_owned(), host: host.clone() },
            #[cfg(not(unix))]
            (Host::Ssh(_), _) => return Err(Error::config(format!("{endpoint}: SSH is supported on Unix only"))),
            (Host::Custom, _) => return Err(Error::config("a custom host requires a connector")),
        };
        Ok(Self { endpoint, connector })
    }

    pub(crate) fn custom(connector: Arc<dyn Connect>) -> Self {
        let endpoint = Endpoint { host: Host::Custom, tls: None, origin: Origin::Explicit };
        Self { endpoint, connector: Connector::Custom(connector) }
    }

    /// Returns the prefix of every path: `""` or `/base`.
    pub(crate) fn base(&self) -> &str {
        match &self.endpoint.host {
            Host::Tcp { base, .. } => base,
            _ => "",
        }
    }

    /// Returns the value of the `Host` header: the host for TCP, else the same placeholder as the Go client.
    pub(crate) fn authority(&self) -> String {
        match &self.connector {
            #[cfg(feature = "tls-no-provider")]
            Connector::Tls { host, port, .. } => authority(host, *port),
            Connector::Tcp { host, port } => authority(host, *port),
            _ => "api.moby.localhost".to_owned(),
        }
    }

    /// Opens a connection. The caller applies the limit, but `ssh` goes on connecting in the background.
    #[cfg_attr(not(unix), allow(unused_variables, reason = "only ssh needs the limit"))]
    pub(super) async fn connect(&self, limit: Option<Duration>) -> Result<Box<dyn Stream>> {
        let stream: io::Result<Box<dyn Stream>> = match &self.connector {
            Connector::Unix(path) => connect_unix(path).await,
            Connector::Tcp { host, port } => tcp::connect(host, *port).await.map(|stream| Box::new(stream) as _),
            #[cfg(feature = "tls-no-provider")]
            Connector::Tls { host, port, tls } => connect_tls(host, *port, tls).await,
            #[cfg(unix)]
            Connector::Ssh { program, host } => {
                SshSocket::open(program, host, limit).map(|socket| Box::new(socket) as _)
            }
            Connector::Custom(connector) => connector.connect().await.map(|socket| Box::new(socket) as _),
        };
        stream.map_err(|error| self.explain(error))
    }

    /// Opens a connection for another protocol, outside of the pool.
    #[cfg(feature = "buildkit")]
    pub(crate) async fn connect_raw(&self, limit: Option<Duration>) -> Result<impl crate::Socket + use<>> {
        self.connect(limit).await
    }

    fn explain(&self, error: io::Error) -> Error {
        let hint = match (&self.connector, error.kind()) {
            (Connector::Custom(_), _) => None,
            (Connector::Unix(_), io::ErrorKind::PermissionDenied) => {
                Some("this user may not use the socket: join its group (usually `docker`), then log in again")
            }
            (Connector::Unix(_), io::ErrorKind::NotFound) => {
                Some("no such socket: is an engine running? set DOCKER_HOST to use another one")
            }
            #[cfg(feature = "tls-no-provider")]
            (Connector::Tls { .. }, _) if advice(&error).is_some() => advice(&error),
            (_, io::ErrorKind::ConnectionRefused) => Some("is the engine running?"),
            (Connector::Tcp { .. }, io::ErrorKind::NotFound) => Some("is the host's name right?"),
            _ => None,
        };
        let failure = Error::new(ErrorKind::Connect, format!("cannot connect to {}: {error}", self.endpoint.host));
        let failure = failure.with_source(error);
        hint.into_iter().fold(failure, Error::with_hint)
    }
}

/// Formats a host and a port as HTTP does.
fn authority(host: &str, port: u16) -> String {
    if !host.contains(':') {
        return format!("{host}:{port}");
    }
    let address = host.split_once('%').map_or(host, |(address, _zone)| address);
    format!("[{address}]:{port}")
}

/// The pause before another attempt to connect to an engine whose queue of connections is full.
#[cfg(unix)]
const BUSY: Duration = Duration::from_millis(5);

/// Waits while the engine's queue of connections is full: a unix socket refuses then, where TCP would wait by itself.
#[cfg(unix)]
async fn connect_unix(path: &Path) -> io::Result<Box<dyn Stream>> {
    use tower_service::Service;
    if path.to_str().is_none() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the socket's path must be UTF-8"));
    }
    let uri: hyper::Uri = hyperlocal::Uri::new(path, "/").into();
    loop {
        match hyperlocal::UnixConnector.call(uri.clone()).await {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => tokio::time::sleep(BUSY).await,
            connected => return Ok(Box::new(connected?)),
        }
    }
}

#[cfg(not(unix))]
async fn connect_unix(_: &Path) -> io::Result<Box<dyn Stream>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this platform has no unix sockets"))
}

#[cfg(feature = "tls-no-provider")]
async fn connect_tls(host: &str, port: u16, tls: &TlsClient) -> io::Result<Box<dyn Stream>> {
    Ok(Box::new(tls.connect(tcp::connect(host, port).await?).await?))
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::endpoint::{Endpoint, Host, Origin};
    use std::io;

    fn target(host: &str) -> Target {
        let host = Host::parse(host).expect("a host");
        Target::new(Endpoint { host, tls: None, origin: Origin::Explicit }, "ssh".as_ref()).expect("a target")
    }

    #[test]
    fn says_what_to_do_about_a_socket_that_one_may_not_use() {
        let error = target("unix:///var/run/docker.sock").explain(io::Error::from_raw_os_error(13));
        assert!(error.is_connect());
        assert_eq!(
            error.to_string(),
            "cannot connect to unix:///var/run/docker.sock: Permission denied (os error 13); \
             this user may not use the socket: join its group (usually `docker`), then log in again"
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn an_engine_with_a_full_queue_is_waited_for() {
        use socket2::{Domain, SockAddr, Socket, Type};
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("engine.sock");
        let address = SockAddr::unix(&path).expect("an address");
        let socket = || Socket::new(Domain::UNIX, Type::STREAM, None).expect("a socket");
        let engine = socket();
        engine.bind(&address).expect("bound");
        engine.listen(0).expect("listening");
        let mut others = Vec::new();
        loop {
            let other = socket();
            other.set_nonblocking(true).expect("set");
            match other.connect(&address) {
                Ok(()) => others.push(other),
                Err(error) => break assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
        let connecting = super::connect_unix(&path);
        let accepting = async {
            tokio::time::sleep(super::BUSY).await; // it has been refused by now
            others.iter().map(|_| engine.accept().expect("a connection")).collect::<Vec<_>>()
        };
        let (connected, _accepted) = tokio::join!(connecting, accepting);
        connected.expect("a connection");
    }

    #[test]
    fn names_hosts_as_http_wants_them() {
        for (host, authority) in [
            ("tcp://engine:1", "engine:1"),
            ("tcp://[fe80::1%eth0]:80/base", "[fe80::1]:80"),
            ("unix:///x", "api.moby.localhost"),
        ] {
            assert_eq!(target(host).authority(), authority);
        }
    }

    #[cfg(not(feature = "tls-no-provider"))]
    #[test]
    fn there_is_no_plain_text_in_place_of_tls() {
        let host = Host::parse("tcp://engine:2376").expect("a host");
        let error =
            Target::new(Endpoint { host, tls: Some(crate::Tls::new()), origin: Origin::DockerHost }, "ssh".as_ref())
                .expect_err("TLS");
        assert!(error.to_string().contains("tcp://engine:2376 over TLS (DOCKER_HOST)"), "{error}");
        assert!(error.to_string().contains("feature `tls`"), "{error}");
    }
}
