//! [`Docker`]: the handle that everybody holds.

use crate::endpoint::{Endpoint, Environment, Host, Origin, Tls};
use crate::registry::CredentialLookup;
use crate::request::{Client, ClientOptions, Method, Observe, Request, call, version};
use crate::transport::Target;
use crate::{Connect, Error, Limits, Result, Version};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A client of one engine, cheap to clone; all clones share its connections.
///
/// Making one does no I/O. The first call agrees with the engine on the newest API version that both know, and all calls
/// are made in that.
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
    /// Takes the engine that the docker CLI would take by the environment.
    ///
    /// That is `DOCKER_HOST` (with `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`); else the context of
    /// `DOCKER_CONTEXT`; else the one that `docker context use` chose; else the first of the default sockets that is there:
    /// `/var/run/docker.sock`, then those of rootless Docker, Docker Desktop and Podman. `DOCKER_API_VERSION` pins the API
    /// version. `DOCKER_CUSTOM_HEADERS`, or else `HttpHeaders` of `config.json`, go with each request.
    /// [`endpoint`](Self::endpoint) tells what was chosen, and why.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if one of them is wrong, or asks for what this build cannot do. There is
    /// never plain text where TLS was asked for, nor another engine than the one that was named.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// Takes the engine of a context of the docker CLI, by its name.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if there is no such context, or its files are wrong.
    pub fn context(name: &str) -> Result<Self> {
        Self::builder().context(name).build()
    }

    /// Takes the engine at a host: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`, `ssh://me@example.com`.
    /// The environment is not asked.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if it is not such a host.
    pub fn connect(host: &str) -> Result<Self> {
        Self::builder().host(host).build()
    }

    /// Sets up a client with limits, a pinned version or a socket of its own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The API version that calls are made in: the newest that both sides know, or the pinned one.
    ///
    /// # Errors
    /// [`Error::is_connect`] if the engine cannot be reached, [`Error::is_version`] if it speaks none that this crate does.
    pub fn api_version(&self) -> ApiVersion {
        ApiVersion(self.client.request(Method::HEAD, "/_ping", &[]))
    }

    /// The engine that was chosen, and why that one.
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

/// Sets up a [`Docker`]. What it is not told, the environment decides, as for [`Docker::from_env`].
///
/// ```
/// use longshore::{Docker, Limits, Version};
/// use std::time::Duration;
///
/// let docker = Docker::builder()
///     .host("tcp://127.0.0.1:2375")
///     .api_version(Version::new(1, 43))
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
    limits: Limits,
    max_connections: Option<usize>,
    observer: Option<Arc<dyn Observe>>,
    folder: Option<PathBuf>,
    without_credentials: bool,
}

impl Builder {
    /// The engine's host: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`, `ssh://me@example.com`.
    /// The environment is not asked then.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// The engine of a context of the docker CLI, whatever the environment says.
    pub fn context(mut self, name: impl Into<String>) -> Self {
        self.context = Some(name.into());
        self
    }

    /// Speaks TLS with the [host](Self::host), which has to be one of TCP; plain text if not set. The feature `tls` is needed.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The program to reach hosts behind SSH by; the `ssh` of `PATH`, if not set.
    pub fn ssh_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.ssh = Some(program.into());
        self
    }

    /// Connects through your own socket, instead of a host. The environment is not asked then.
    pub fn connector(mut self, connector: impl Connect) -> Self {
        self.connector = Some(Arc::new(connector));
        self
    }

    /// The docker CLI's folder of settings, in place of `DOCKER_CONFIG` and `~/.docker`: contexts, headers, credentials of
    /// registries.
    pub fn config_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Whether [`Credentials`](crate::Credentials) of registries are looked up where the docker CLI has them, for calls that
    /// are given none; so it is if not set, with whatever engine.
    pub fn registry_credentials(mut self, look_up: bool) -> Self {
        self.without_credentials = !look_up;
        self
    }

    /// Pins the API version: it is not negotiated, and the engine has to speak it. The newest that both know, if not set.
    pub fn api_version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// How long the parts of each call may take; what is not set keeps its default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits.or(self.limits);
        self
    }

    /// Limits how many connections are open at a time, for programs with few file descriptors: calls wait for one, within
    /// their `connect` limit. Streams and attached processes hold theirs until they end. Default: no limit.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = Some(count);
        self
    }

    /// Tells this observer of each call; nobody if not set.
    pub fn observe(mut self, observer: impl Observe) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Makes the client. No I/O with an engine yet.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) for a wrong host or environment, and [`Error::is_version`] for a
    /// pinned version that this crate does not speak.
    pub fn build(self) -> Result<Docker> {
        let variable = |name: &str| std::env::var(name).ok();
        let environment = Environment::new(&variable).in_folder(self.folder.clone());
        let registries = CredentialLookup::new(self.folder, self.without_credentials);
        let ssh = self.ssh.as_deref().unwrap_or(Path::new("ssh"));
        let (target, by_environment) = match (self.connector, self.host, self.context) {
            (Some(connector), None, None) if self.tls.is_none() => (Target::custom(connector), false),
            (None, Some(host), None) => {
                let host = Host::parse(&host)?;
                if self.tls.is_some() && !matches!(host, Host::Tcp { .. }) {
                    return Err(Error::config(format!("TLS is spoken with hosts of TCP, and not with {host}")));
                }
                (Target::new(Endpoint { host, tls: self.tls, origin: Origin::Explicit }, ssh)?, false)
            }
            (None, None, Some(name)) if self.tls.is_none() => {
                (Target::new(environment.context(&name, Origin::ExplicitContext(name.clone()))?, ssh)?, true)
            }
            (None, None, None) if self.tls.is_none() => (Target::new(environment.endpoint()?, ssh)?, true),
            _ => {
                let message =
                    "more than one engine is given: a host (with or without TLS), a context or a connector is enough";
                return Err(Error::config(message));
            }
        };
        let (version, headers) = match (self.version, by_environment) {
            (Some(version), true) => (Some(version.supported()?), environment.headers()?),
            (None, true) => (environment.api_version()?, environment.headers()?),
            (version, false) => (version.map(Version::supported).transpose()?, Vec::new()),
        };
        let (limits, max_connections, observer) = (self.limits, self.max_connections, self.observer);
        let options = ClientOptions { limits, max_connections, version, headers, observer };
        Ok(Docker { client: Client::new(target, registries, options)? })
    }
}

impl fmt::Debug for Builder {
    /// Without the host: a wrong one may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("context", &self.context)
            .field("tls", &self.tls)
            .field("version", &self.version)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
