//! [`Service`]: a part of a project that runs in one or more identical containers.

use super::{BuildFrom, SecretSource};
use crate::container::ContainerSpec;
use crate::deploy::file::File;
use crate::deploy::{PullPolicy, Ready, duration};
use crate::{Credentials, GoDuration, Map};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::time::Duration;

/// A part of a project that runs in one or more identical containers.
///
/// ```
/// use longshore::container::ContainerSpec;
/// use longshore::deploy::{Project, Ready, SecretSource, Service};
/// use std::time::Duration;
///
/// let db = Service::new(ContainerSpec::new("postgres:16").volume("db", "/var/lib/postgresql/data"))
///     .secret("POSTGRES_PASSWORD", SecretSource::file("db.password"))
///     .ready(Ready::exec(["pg_isready"]));
/// let web = Service::new("shop:1.4")
///     .replicas(2)
///     .after("db")
///     .before(ContainerSpec::new("shop:1.4").cmd(["migrate"])) // once for each new version
///     .ready(Ready::http(8000, "/health"))
///     .deadline(Duration::from_secs(30));
/// let shop = Project::new("shop").volume("db").service("db", db).service("web", web);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[must_use = "it does nothing until it is given to a project"]
pub struct Service {
    /// The spec of its containers. It references networks and volumes by their names in the project. Others must be
    /// [external](super::Project::external).
    pub spec: ContainerSpec,
    /// Number of containers. Defaults to 1. A single engine refuses more if the service has something that
    /// [only one container can have](Order::Auto).
    #[serde(skip_serializing_if = "is_one")]
    pub replicas: u32,
    /// The services that it depends on, by name, and the state that each must reach before its containers start.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub after: Map<After>,
    /// The condition under which a container counts as deployed. Defaults to [`Ready::started`].
    #[serde(skip_serializing_if = "Ready::is_started")]
    pub ready: Ready,
    /// How long a container may take from its start until it is ready. Defaults to 60 seconds. In seconds in files.
    ///
    /// A swarm replaces containers one after another. So a service may take this long for each of its containers there,
    /// plus five minutes for nodes to pull the image.
    #[serde(with = "duration", skip_serializing_if = "is_a_minute")]
    pub deadline: Duration,
    /// Whether a new container starts before the old one stops. Defaults to [`Order::Auto`].
    #[serde(skip_serializing_if = "is_auto")]
    pub order: Order,
    /// When the image is pulled. Defaults to [`PullPolicy::Missing`].
    #[serde(skip_serializing_if = "PullPolicy::is_missing")]
    pub pull: PullPolicy,
    /// A folder to build the image from, instead of pulling it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<BuildFrom>,
    /// The credentials of the image's registry. Defaults to those that the docker CLI would use. Not stored in files.
    #[serde(skip)]
    pub credentials: Option<Credentials>,
    /// The secrets that its containers receive, by the names of their environment variables.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub secrets: Map<SecretSource>,
    /// Files that are copied into its containers before they start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// The spec of a container that runs to completion before the first container of a new version starts, such as a database
    /// migration. If it fails, nothing is replaced. It is removed when the deployer's
    /// [lease](crate::deploy::Deployment::lease) ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<ContainerSpec>,
    /// Placement constraints for a swarm, such as `node.labels.disk==ssd`. All must hold. A single engine ignores them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// Number of stopped containers of earlier versions that are kept for each replica, for rollbacks. The oldest ones beyond it are
    /// removed. Defaults to 1.
    #[serde(skip_serializing_if = "is_one")]
    pub keep: u32,
}

/// The state that another service must reach before a service starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum After {
    /// Its containers are started.
    Started,
    /// Its containers are ready, according to its own condition.
    #[default]
    Ready,
    /// Its containers have exited with code 0.
    Completed,
}

/// Whether a new container starts before the old one stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Order {
    /// Starts first if possible. Stops first if the service has something that only one container can have: a fixed host
    /// port, the host's network, or a fixed address. A range of host ports is enough for as many containers. Also stops first
    /// if it has something that only one container should use: a writable volume or host folder, or the network of another
    /// container.
    #[default]
    Auto,
    /// Starts the new container and waits until it is ready before the old one stops. There is no gap in service.
    ///
    /// On a single engine, the service's name on its networks also stands for the new container from its start on, since engines
    /// give names only to containers that connect. So another service may reach it before it is ready. If it refuses connections until
    /// then, a client that tries all addresses of the name reaches the old container. To send it no request at all, put a proxy
    /// before the service and switch it over with [`on_ready`](crate::deploy::Deployment::on_ready), or use
    /// [`StopFirst`](Self::StopFirst).
    ///
    /// A single engine refuses it if the service has something that only one container can have.
    StartFirst,
    /// Stops the old container before the new one starts. Starts the old one again if the new one fails.
    StopFirst,
}

impl Service {
    /// Creates a service with one container of this spec. It counts as deployed once it is started.
    pub fn new(spec: impl Into<ContainerSpec>) -> Self {
        Self { spec: spec.into(), ..Self::default() }
    }

    /// Sets the number of containers. Defaults to 1.
    pub fn replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas;
        self
    }

    /// Starts this service once the other service is ready.
    pub fn after(self, service: impl Into<String>) -> Self {
        self.after_with(service, After::Ready)
    }

    /// Starts this service once the other service is started, ready or completed.
    pub fn after_with(mut self, service: impl Into<String>, condition: After) -> Self {
        self.after.insert(service, condition);
        self
    }

    /// Sets when a container counts as deployed. Defaults to [`Ready::started`].
    pub fn ready(mut self, ready: Ready) -> Self {
        self.ready = ready;
        self
    }

    /// Sets how long a container may take from its start until it is ready. Defaults to 60 seconds.
    pub fn deadline(mut self, deadline: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.spec.invalid.extend(duration::set(&mut self.deadline, deadline));
        self
    }

    /// Sets whether a new container starts before the old one stops. Defaults to [`Order::Auto`].
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Sets when the image is pulled. Defaults to [`PullPolicy::Missing`].
    pub fn pull(mut self, policy: PullPolicy) -> Self {
        self.pull = policy;
        self
    }

    /// Sets the credentials of the image's registry. Defaults to those that the docker CLI would use.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// Builds the image from a local folder instead of pulling it. The spec's image name becomes its tag.
    pub fn build(mut self, from: impl Into<BuildFrom>) -> Self {
        self.build = Some(from.into());
        self
    }

    /// Passes a secret to the containers, as an environment variable of this name.
    pub fn secret(mut self, name: impl Into<String>, source: SecretSource) -> Self {
        self.secrets.insert(name, source);
        self
    }

    /// Copies a file into the containers before they start.
    pub fn file(mut self, file: File) -> Self {
        self.files.push(file);
        self
    }

    /// Runs a container to completion before the first container of a new version starts, such as a migration.
    pub fn before(mut self, spec: impl Into<ContainerSpec>) -> Self {
        self.before = Some(spec.into());
        self
    }

    /// Adds a placement constraint for a swarm, such as `node.labels.disk==ssd` or `node.role==worker`. All must hold. A single
    /// engine ignores them.
    pub fn constraint(mut self, constraint: impl Into<String>) -> Self {
        self.constraints.push(constraint.into());
        self
    }

    /// Sets how many stopped containers of earlier versions are kept for each replica. Defaults to 1.
    pub fn keep(mut self, generations: u32) -> Self {
        self.keep = generations;
        self
    }
}

impl Default for Service {
    fn default() -> Self {
        Self {
            spec: ContainerSpec::default(),
            replicas: 1,
            after: Map::new(),
            ready: Ready::started(),
            deadline: Duration::from_secs(60),
            order: Order::Auto,
            pull: PullPolicy::Missing,
            build: None,
            credentials: None,
            secrets: Map::new(),
            files: Vec::new(),
            before: None,
            constraints: Vec::new(),
            keep: 1,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_one(number: &u32) -> bool {
    *number == 1
}

fn is_a_minute(duration: &Duration) -> bool {
    *duration == Duration::from_secs(60)
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_auto(order: &Order) -> bool {
    *order == Order::Auto
}
