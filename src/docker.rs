//! [`Docker`]: the handle that everybody holds.

use crate::config::{Environment, Host};
use crate::request::Client;
use crate::transport::Target;
use crate::{Connect, Error, Limits, Result, Version};
use std::fmt;
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
    /// That is `DOCKER_HOST`, else the first of the default sockets that is there: `/var/run/docker.sock`, then those of
    /// rootless Docker, Docker Desktop and Podman. `DOCKER_API_VERSION` pins the API version.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if one of them is wrong, or asks for what this crate cannot do yet:
    /// TLS (`DOCKER_TLS_VERIFY`), SSH, or a context other than `default`. There is never plain text where TLS was asked
    /// for, nor another engine than the one that was named.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// Takes the engine at a host: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`.
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
    pub async fn api_version(&self) -> Result<Version> {
        self.client.version(self.client.default_limits()).await
    }

    /// Where the engine is: `unix:///var/run/docker.sock`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.client.name()
    }

    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }
}

impl fmt::Debug for Docker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Docker").field("host", &self.host()).finish_non_exhaustive()
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
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is set up until it is built"]
pub struct Builder {
    host: Option<String>,
    connector: Option<Arc<dyn Connect>>,
    version: Option<Version>,
    limits: Limits,
}

impl Builder {
    /// The engine's host: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. The environment is not asked then.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Connects through your own socket, instead of a host. The environment is not asked then.
    pub fn connector(mut self, connector: impl Connect) -> Self {
        self.connector = Some(Arc::new(connector));
        self
    }

    /// Pins the API version: it is not negotiated, and the engine has to speak it.
    pub fn api_version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// How long the parts of each call may take; what is not set keeps its default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits.or(self.limits);
        self
    }

    /// Makes the client. No I/O with an engine yet.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) for a wrong host or environment, and [`Error::is_version`] for a
    /// pinned version that this crate does not speak.
    pub fn build(self) -> Result<Docker> {
        let variable = |name: &str| std::env::var(name).ok();
        let environment = Environment::new(&variable);
        let asks_environment = self.host.is_none() && self.connector.is_none();
        let target = match (self.connector, self.host) {
            (Some(_), Some(host)) => {
                return Err(Error::config(format!("both a connector and the host {host:?} are given: one is enough")));
            }
            (Some(connector), None) => Target::custom(connector),
            (None, Some(host)) => Host::parse(&host)?.into(),
            (None, None) => environment.host()?.into(),
        };
        let version = match self.version {
            Some(version) => Some(version.supported()?),
            None if asks_environment => environment.api_version()?,
            None => None,
        };
        Ok(Docker { client: Client::new(target, self.limits, version)? })
    }
}
