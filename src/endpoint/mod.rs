//! Selects the engine of a client: hosts, contexts, the environment.

mod address;
mod context;
mod directory;
mod environment;
mod host;
mod ssh_host;
mod tls;

pub(crate) use address::split_scheme;
pub(crate) use directory::{read_json, unreadable};
pub(crate) use environment::Environment;
pub(crate) use host::Host;
pub(crate) use ssh_host::SshHost;
pub use tls::Tls;

use std::fmt;
use std::path::PathBuf;

/// The engine that a client uses, and why it was chosen.
///
/// Its `Display` is of the form `unix:///var/run/docker.sock (the default socket)`.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub(crate) host: Host,
    pub(crate) tls: Option<Tls>,
    pub(crate) origin: Origin,
}

/// The reason why an engine was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The host was passed to the client.
    Explicit,
    /// `DOCKER_HOST` names the engine.
    DockerHost,
    /// The name of a context was passed to the client.
    ExplicitContext(String),
    /// `DOCKER_CONTEXT` names this context.
    DockerContext(String),
    /// `currentContext` of the docker CLI's `config.json` names this context.
    CurrentContext {
        /// The name of the context.
        context: String,
        /// The path of `config.json`.
        file: PathBuf,
    },
    /// Nothing names an engine, so the client uses the default address.
    Default,
}

impl Endpoint {
    /// Returns the host: `unix:///var/run/docker.sock`, `tcp://10.0.0.1:2376`.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// Returns the host at which ports that containers publish can be reached, as in a URL: an IPv6 address is in brackets.
    ///
    /// It is the host of a TCP or SSH endpoint. It is `127.0.0.1` for a Unix socket and for a client with its own
    /// [connector](crate::Builder::connector).
    ///
    /// ```
    /// # fn main() -> longshore::Result<()> {
    /// let docker = longshore::Docker::connect("ssh://deploy@10.0.0.7")?;
    /// assert_eq!(docker.endpoint().published_host(), "10.0.0.7");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn published_host(&self) -> String {
        match &self.host {
            Host::Tcp { host, .. } | Host::Ssh(SshHost { host, .. }) if host.contains(':') => {
                format!("[{}]", host.replace('%', "%25"))
            }
            Host::Tcp { host, .. } | Host::Ssh(SshHost { host, .. }) => host.clone(),
            Host::Unix(_) | Host::Custom => "127.0.0.1".to_owned(),
        }
    }

    /// Returns why the engine was chosen.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns whether connections to the engine use TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls.is_some()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tls = if self.is_tls() { " over TLS" } else { "" };
        match (&self.origin, &self.host) {
            (Origin::Default, Host::Tcp { .. }) => write!(f, "{}{tls} (the default address)", self.host),
            (origin, host) => write!(f, "{host}{tls} ({origin})"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit => f.write_str("given"),
            Self::DockerHost => f.write_str("DOCKER_HOST"),
            Self::ExplicitContext(context) => write!(f, "the context {context:?}"),
            Self::DockerContext(context) => write!(f, "the context {context:?} of DOCKER_CONTEXT"),
            Self::CurrentContext { context, file } => write!(f, "the context {context:?} of {}", file.display()),
            Self::Default => f.write_str("the default socket"),
        }
    }
}
