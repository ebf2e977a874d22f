//! Which engine a client is for: hosts, contexts, the environment.

mod address;
mod context;
mod directory;
mod environment;
mod host;
mod ssh_host;
mod tls;

pub(crate) use directory::{read_json, unreadable};
pub(crate) use environment::Environment;
pub(crate) use host::Host;
#[cfg(unix)]
pub(crate) use ssh_host::SshHost;
pub use tls::Tls;

use std::fmt;
use std::path::PathBuf;

/// The engine that a client is for, and why that one.
///
/// It displays as `unix:///var/run/docker.sock (the default socket)`.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub(crate) host: Host,
    pub(crate) tls: Option<Tls>,
    pub(crate) origin: Origin,
}

/// Why an engine was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It was given to the client.
    Explicit,
    /// `DOCKER_HOST` names it.
    DockerHost,
    /// A context was given to the client: its name.
    ExplicitContext(String),
    /// `DOCKER_CONTEXT` names this context.
    DockerContext(String),
    /// `currentContext` of the docker CLI's `config.json` names this context.
    CurrentContext {
        /// The context's name.
        context: String,
        /// The file that says so.
        file: PathBuf,
    },
    /// Nothing names one: it is where engines listen by default.
    Default,
}

impl Endpoint {
    /// The host: `unix:///var/run/docker.sock`, `tcp://10.0.0.1:2376`.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// Why it was chosen.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether TLS is spoken with it.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls.is_some()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tls = if self.is_tls() { " over TLS" } else { "" };
        write!(f, "{}{tls} ({})", self.host, self.origin)
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
