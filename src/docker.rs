//! [`Docker`]: the client of one engine, from which all calls start.

use crate::endpoint::{Endpoint, Environment, Host, Origin, Tls};
use crate::registry::CredentialLookup;
use crate::request::{Client, ClientOptions, Method, Observe, Request, call, version};
use crate::transport::Target;
use crate::{Connect, Error, Limits, Result, Version};
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A client of one engine. Cheap to clone, and all clones share its connections.
///
/// Creating a client does no I/O. The first call negotiates the newest API version that client and engine support,
/// which all calls then use.
///
/// ```no_run
/// # async fn example() -> longshore::Result<()> {
/// let docker = longshore::Docker::from_env()?;
/// println!("Docker {}, API {}", docker.version().await?.version, docker.api_version().await?);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Docker {
    client: Arc<Client>,
}

impl Docker {
    /// Connects to the engine that the docker CLI would use. The connection itself is opened by the first call.
    ///
    /// The first of these that is set selects the engine:
    ///
    /// 1. `DOCKER_HOST`, with `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`
    /// 2. the context in `DOCKER_CONTEXT`
    /// 3. the context that `docker context use` selected
    /// 4. the first default socket that exists: `/var/run/docker.sock`, then those of rootless Docker, Docker
    ///    Desktop and Podman
    ///
    /// A `cert.pem` without its `key.pem` is an error, as is a `key.pem` alone: the docker CLI ignores either.
    ///
    /// `DOCKER_API_VERSION` pins the API version. Each request carries the headers in
    /// `DOCKER_CUSTOM_HEADERS`, or else those in `HttpHeaders` of `config.json`. [`endpoint`](Self::endpoint) returns
    /// which engine was selected, and why.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if one of these settings is invalid, or needs a feature that
    /// this build lacks. The client never falls back to plain text where TLS was asked for, or to another engine than
    /// the named one.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// Connects to the engine of a docker CLI context, by its name.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the context does not exist, or its files are invalid.
    pub fn context(name: impl Into<String>) -> Result<Self> {
        Self::builder().context(name).build()
    }

    /// Connects to the engine at a host: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`, `ssh://me@example.com`.
    /// Ignores the environment. A host without a scheme is TCP, as for the docker CLI.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the host is invalid, or the path of a socket without `unix://`.
    pub fn connect(host: impl Into<String>) -> Result<Self> {
        Self::builder().host(host).build()
    }

    /// Creates a builder, for a client with its own limits, API version, socket or other options.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the API version that calls use: the newest one that both sides support, or the pinned one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[]);
    /// let version = docker.api_version().await?;
    /// if version >= longshore::Version::new(1, 44) {
    ///     println!("health checks can have a start interval");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_connect`] if the engine cannot be reached, and [`Error::is_version`] if it supports no version that
    /// this crate does.
    pub fn api_version(&self) -> ApiVersion {
        ApiVersion(self.client.request(Method::HEAD, "/_ping", &[]))
    }

    /// Returns the engine that was selected, and why.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        self.client.endpoint()
    }

    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }
}

/// A call of [`Docker::api_version`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct ApiVersion(Request);

call!(ApiVersion => Version, agreed);

async fn agreed(request: Request) -> Result<Version> {
    version(&request).await
}

impl fmt::Debug for Docker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Docker").field("endpoint", self.endpoint()).finish_non_exhaustive()
    }
}

/// Builds a [`Docker`]. If you set no host, context or connector, the environment selects the engine, as for
/// [`Docker::from_env`].
///
/// ```
/// use longshore::{Docker, Limits};
/// use std::time::Duration;
///
/// let docker = Docker::builder()
///     .host("tcp://127.0.0.1:2375")
///     .api_version("1.43")
///     .limits(Limits::new().head(Duration::from_secs(10)))
///     .build()?;
/// # Ok::<(), longshore::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "nothing is set up until it is built"]
pub struct Builder {
    host: Option<String>,
    context: Option<String>,
    tls: Option<Tls>,
    ssh: Option<PathBuf>,
    connector: Option<Arc<dyn Connect>>,
    version: Option<Version>,
    invalid: Option<String>,
    limits: Limits,
    max_connections: Option<usize>,
    observer: Option<Arc<dyn Observe>>,
    headers: Vec<(String, String)>,
    folder: Option<PathBuf>,
    without_credentials: bool,
}

impl Builder {
    /// Sets the engine's host: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`, `ssh://me@example.com`. The
    /// environment is ignored then. Default: the engine that [`Docker::from_env`] selects.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Selects the engine of a docker CLI context. `DOCKER_HOST` and `DOCKER_CONTEXT` are ignored then.
    pub fn context(mut self, name: impl Into<String>) -> Self {
        self.context = Some(name.into());
        self
    }

    /// Enables TLS for the [host](Self::host), which must begin with `tcp://`. Default: plain text. Requires the feature `tls`.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sets the SSH program for `ssh://` hosts. Defaults to `ssh`, found on `PATH`.
    ///
    /// It runs in the background, so it cannot prompt on the terminal. It prompts through the program that `SSH_ASKPASS`
    /// names. If there is none, the call fails: use a key without a passphrase or an SSH agent, and connect to a new host
    /// by hand first.
    pub fn ssh_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.ssh = Some(program.into());
        self
    }

    /// Connects through a custom socket instead of to a host. The environment is ignored then.
    pub fn connector(mut self, connector: impl Connect) -> Self {
        self.connector = Some(Arc::new(connector));
        self
    }

    /// Sets the docker CLI's configuration folder, with contexts, headers and registry credentials. Defaults to
    /// `DOCKER_CONFIG`, or `~/.docker`.
    pub fn config_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Sets whether calls look up registry [`Credentials`](crate::Credentials) where the docker CLI stores them. A call that
    /// you pass credentials to does not look them up. Applies to any engine. Defaults to `true`.
    pub fn registry_credentials(mut self, look_up: bool) -> Self {
        self.without_credentials = !look_up;
        self
    }

    /// Adds a header to every request, for example for a proxy in front of the engine. Errors and `Debug` never show its value.
    ///
    /// It replaces a header of the same name from the environment, and `Host` and `User-Agent` of the client. The headers of HTTP
    /// framing are refused.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Pins the API version, a [`Version`] or a text such as `1.43`. The engine must support it. Default: negotiates the newest
    /// version that both sides support.
    pub fn api_version(mut self, version: impl TryInto<Version, Error: Display>) -> Self {
        match version.try_into() {
            Ok(version) => self.version = Some(version),
            Err(why) => self.invalid = Some(why.to_string()),
        }
        self
    }

    /// Sets the default timeouts of every call. Unset limits keep their defaults.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits.or(self.limits);
        self
    }

    /// Limits the number of open connections, for programs with few file descriptors. Calls wait for a free connection,
    /// within their `connect` limit. A stream, an attached process, a wait or a build occupies a connection until it ends. The
    /// session of a build with BuildKit is not counted. A deployment needs up to three for each container that it waits for.
    /// Default: no limit.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = Some(count);
        self
    }

    /// Sets an observer of all calls, for metrics and tests. Default: none.
    pub fn observe(mut self, observer: impl Observe) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Creates the client. The first call opens the connection.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the host, the version's text or the environment is invalid, and
    /// [`Error::is_version`] if this crate does not support the pinned version.
    pub fn build(self) -> Result<Docker> {
        if let Some(why) = self.invalid {
            return Err(Error::config(why));
        }
        let environment = Environment::of_process()?.in_folder(self.folder.clone());
        let registries = CredentialLookup::new(self.folder, self.without_credentials);
        let ssh = self.ssh.as_deref().unwrap_or(Path::new("ssh"));
        let (target, by_environment) = match (self.connector, self.host, self.context) {
            (Some(connector), None, None) if self.tls.is_none() => (Target::custom(connector), false),
            (None, Some(host), None) => {
                let host = Host::parse(&host)?;
                if self.tls.is_some() && !matches!(host, Host::Tcp { .. }) {
                    return Err(Error::config(format!("TLS requires a tcp:// host, not {host}")));
                }
                (Target::new(Endpoint { host, tls: self.tls, origin: Origin::Explicit }, ssh)?, false)
            }
            (None, None, Some(name)) if self.tls.is_none() => {
                (Target::new(environment.context(&name, Origin::ExplicitContext(name.clone()))?, ssh)?, true)
            }
            (None, None, None) if self.tls.is_none() => (Target::new(environment.endpoint()?, ssh)?, true),
            _ => {
                let message =
                    "conflicting options: set only one of a host (with or without TLS), a context and a connector";
                return Err(Error::config(message));
            }
        };
        let (version, mut headers) = match (self.version, by_environment) {
            (Some(version), true) => (Some(version.supported()?), environment.headers()?),
            (None, true) => (environment.api_version()?, environment.headers()?),
            (version, false) => (version.map(Version::supported).transpose()?, Vec::new()),
        };
        // As in the docker CLI, the environment does not replace these.
        headers.retain(|(name, _)| !["host", "user-agent"].iter().any(|own| name.eq_ignore_ascii_case(own)));
        headers.extend(self.headers);
        let (limits, max_connections, observer) = (self.limits, self.max_connections, self.observer);
        let options = ClientOptions { limits, max_connections, version, headers, observer };
        Ok(Docker { client: Client::new(target, registries, options)? })
    }
}

impl fmt::Debug for Builder {
    /// Leaves out the host: an invalid one may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("context", &self.context)
            .field("tls", &self.tls)
            .field("version", &self.version)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
