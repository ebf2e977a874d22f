//! [`Service`]: a part of a project that runs in one container, or in several alike.

use super::{BuildFrom, File, SecretSource};
use crate::container::ContainerSpec;
use crate::deploy::{PullPolicy, Ready, duration};
use crate::{Credentials, Map};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A part of a project that runs in one container, or in several alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[must_use = "it does nothing until it is given to a project"]
pub struct Service {
    /// What its containers are made from. Networks and volumes of the project go by their names within it.
    pub spec: ContainerSpec,
    /// How many containers it runs in. Defaults to 1.
    #[serde(skip_serializing_if = "is_one")]
    pub replicas: u32,
    /// What has to be there before its containers are started: other services, by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub after: Map<After>,
    /// When a container of it counts as deployed. Defaults to [`Ready::started`].
    #[serde(skip_serializing_if = "Ready::is_started")]
    pub ready: Ready,
    /// How long a container may take from its start until it is ready. In files, in seconds. Defaults to 60 s.
    #[serde(with = "duration", skip_serializing_if = "is_a_minute")]
    pub deadline: Duration,
    /// Whether a new container is started before the old one is stopped, or after. Defaults to [`Order::Auto`].
    #[serde(skip_serializing_if = "is_auto")]
    pub order: Order,
    /// When its image is pulled. Defaults to [`PullPolicy::Missing`].
    #[serde(skip_serializing_if = "PullPolicy::is_missing")]
    pub pull: PullPolicy,
    /// A folder that its image is built from, in place of being pulled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<BuildFrom>,
    /// The credentials for its image's registry. Defaults to those that the docker CLI would use. Not part of any file.
    #[serde(skip)]
    pub credentials: Option<Credentials>,
    /// Environment variables that are secrets, by their names.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub secrets: Map<SecretSource>,
    /// Files that are copied into its containers before they start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// A container that runs to its end before the first container of a new version starts, such as a migration of a
    /// database. If it fails, nothing is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<ContainerSpec>,
    /// How many containers of earlier versions are kept, stopped, for each replica, to go back to. Defaults to 1.
    #[serde(skip_serializing_if = "is_one")]
    pub keep: u32,
}

/// What of another service has to be, before a service is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum After {
    /// Its containers are started.
    Started,
    /// Its containers are ready, as it says itself.
    #[default]
    Ready,
    /// Its containers have run to their ends, with exit code 0.
    Completed,
}

/// Whether a new container is started before the old one is stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Order {
    /// Start first; but stop first if only one container can have something, such as a port of the host, or had better write to
    /// something at a time, such as a volume.
    #[default]
    Auto,
    /// The new container is started and ready before the old one is stopped: there is no gap.
    StartFirst,
    /// The old container is stopped before the new one is started; it is started again if the new one fails.
    StopFirst,
}

impl Service {
    /// A service whose containers are made from this: one, which is deployed once it is started.
    pub fn new(spec: impl Into<ContainerSpec>) -> Self {
        Self { spec: spec.into(), ..Self::default() }
    }

    /// Sets how many containers it runs in. Defaults to 1.
    pub fn replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas;
        self
    }

    /// Starts it once this service is ready.
    pub fn after(self, service: impl Into<String>) -> Self {
        self.after_with(service, After::Ready)
    }

    /// Starts it once this service is started, ready or completed.
    pub fn after_with(mut self, service: impl Into<String>, condition: After) -> Self {
        self.after.insert(service, condition);
        self
    }

    /// Sets when a container of it counts as deployed. Defaults to [`Ready::started`].
    pub fn ready(mut self, ready: Ready) -> Self {
        self.ready = ready;
        self
    }

    /// Sets how long a container may take from its start until it is ready. Defaults to 60 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets whether a new container is started before the old one is stopped. Defaults to [`Order::Auto`].
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Sets when its image is pulled. Defaults to [`PullPolicy::Missing`].
    pub fn pull(mut self, policy: PullPolicy) -> Self {
        self.pull = policy;
        self
    }

    /// Sets the credentials for its image's registry. Defaults to those that the docker CLI would use.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// Builds its image from a folder of this machine, by the name that its spec has, in place of pulling it.
    pub fn build(mut self, from: impl Into<BuildFrom>) -> Self {
        self.build = Some(from.into());
        self
    }

    /// Gives its containers a secret, as an environment variable of this name.
    pub fn secret(mut self, name: impl Into<String>, source: SecretSource) -> Self {
        self.secrets.insert(name, source);
        self
    }

    /// Copies a file into its containers before they start.
    pub fn file(mut self, file: File) -> Self {
        self.files.push(file);
        self
    }

    /// Runs a container to its end before the first container of a new version starts, such as a migration.
    pub fn before(mut self, spec: impl Into<ContainerSpec>) -> Self {
        self.before = Some(spec.into());
        self
    }

    /// Sets how many containers of earlier versions are kept, stopped. Defaults to 1.
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
