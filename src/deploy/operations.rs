//! Operations on a deployment: status, scaling, restarts, rollbacks, commands.

use super::deployment::Deployment;
use super::failure::Failure;
use super::plan::{Found, label, one_off};
use super::pull_policy::PullPolicy;
use super::run::Run;
use super::target::Target;
use super::{Change, Completed};
use crate::container::{Container, ContainerStatus};
use crate::exec;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The status of a replica.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicaStatus {
    /// The service's name.
    pub service: String,
    /// The number of the replica, from 1.
    pub replica: u32,
    /// The container's name. `None` if the replica has no container.
    pub container: Option<String>,
    /// The container's state.
    pub state: ContainerStatus,
    /// The engine's status text, such as `Up 2 minutes (healthy)`.
    pub status: String,
    /// The image in the replica's configuration. Empty if the project no longer has the service.
    pub image: String,
    /// The ID of the deployment that created the container.
    pub release: String,
    /// Whether the container has the configuration that the project has now.
    pub is_current: bool,
    /// Number of containers of earlier versions that are kept.
    pub kept: usize,
}

impl Deployment {
    /// Returns the status of each replica: of those in the project, and of others that exist on the engine.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`](super::Step::Observe).
    pub async fn status(&self) -> Result<Vec<ReplicaStatus>, Failure> {
        let mut observed = self.observed().await?;
        for target in self.desired.targets() {
            observed.slots.entry(target).or_default();
        }
        let replicas = observed.slots.into_iter().map(|(Target { service, replica }, slot)| {
            let desired = self.desired.service(&service);
            let image = desired.map(|desired| desired.spec.config.image.clone()).unwrap_or_default();
            let kept = slot.superseded.len();
            let status = ReplicaStatus { service, replica, image, kept, ..ReplicaStatus::default() };
            let Some(Found { name, state, status: words, labels, .. }) = slot.current else { return status };
            let label = |key| labels.get(key).cloned().unwrap_or_default();
            let is_current = desired.is_some_and(|desired| label(label::DIGEST) == desired.digest);
            let release = label(label::RELEASE);
            ReplicaStatus { container: Some(name), state, status: words, release, is_current, ..status }
        });
        Ok(replicas.collect())
    }

    /// Changes the number of a service's replicas. The next applied plan sets it back to the project's number.
    ///
    /// # Errors
    /// The errors of [`Plan::apply`](super::Plan::apply), and those of [`container`](Self::container).
    pub async fn scale(&self, service: &str, replicas: u32) -> Result<(), Failure> {
        let scaled = self.with_replicas(service, replicas)?;
        scaled
            .locked(async |lock| {
                let (changes, observed) = scaled.observe_changes().await?;
                let is_its = |change: &Change| change.target().is_some_and(|target| target.service == service);
                let changes: Vec<_> = changes.into_iter().filter(is_its).collect();
                scaled.applying(lock, &changes).await?.run(&changes, &observed).await
            })
            .await
    }

    /// Restarts the containers of a service one after the other. Each must be ready before the next one restarts.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Ready`](super::Step::Ready) if a container does not become ready in time, or at the step
    /// that failed.
    pub async fn restart(&self, service: &str) -> Result<(), Failure> {
        self.known(service)?;
        self.locked(async |lock| {
            let observed = self.observed().await?;
            let applying = self.applying(lock, &[]).await?;
            for target in observed.slots.keys().filter(|target| target.service == service) {
                applying.restart(target, &observed).await?;
            }
            Ok(())
        })
        .await
    }

    /// Rolls back to the previous version: starts the containers that were replaced last. The containers that replaced them are
    /// stopped and kept.
    ///
    /// ```no_run
    /// use longshore::deploy::{Project, Service};
    ///
    /// # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
    /// let shop = Project::new("shop").service("web", Service::new("shop:1.5"));
    /// let prod = shop.deployment("prod", &docker)?;
    /// prod.apply().await?;
    /// prod.rollback().await?; // what ran before `apply` runs again
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Failure`] if no earlier version is kept, or if its containers do not become ready.
    pub async fn rollback(&self) -> Result<(), Failure> {
        self.rollback_to(1).await
    }

    /// Rolls back by this number of versions. Only as many as [the service keeps](super::Service::keep) are available.
    ///
    /// # Errors
    /// The errors of [`rollback`](Self::rollback).
    pub async fn rollback_to(&self, generation: usize) -> Result<(), Failure> {
        self.locked(async |lock| {
            let observed = self.observed().await?;
            self.applying(lock, &[]).await?.roll_back(&observed, generation).await
        })
        .await
    }

    /// Returns a handle of the container of a replica (from 1), for all container operations. Sends no request.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`](super::Step::Check) if the project has no such service.
    pub fn container(&self, service: &str, replica: u32) -> Result<Container, Failure> {
        self.known(service)?;
        let target = Target { service: service.to_owned(), replica };
        Ok(self.docker.container(self.desired.container_name(&target)))
    }

    /// Creates a process in the first container of a service. See [`Container::exec`].
    ///
    /// # Errors
    /// The errors of [`container`](Self::container).
    pub fn exec<S: Into<String>>(
        &self,
        service: &str,
        cmd: impl IntoIterator<Item = S>,
    ) -> Result<exec::Create, Failure> {
        Ok(self.container(service, 1)?.exec(cmd))
    }

    /// Runs a command to completion in a new container, which has the configuration of a service.
    ///
    /// The container has no published ports, none of the service's files, and not its name on the network.
    ///
    /// # Errors
    /// The errors of [`Run::to_completion`], and those of [`container`](Self::container).
    pub async fn run<S: Into<String>>(
        &self,
        service: &str,
        cmd: impl IntoIterator<Item = S>,
    ) -> Result<Completed, Failure> {
        let mut spec = one_off(self.known(service)?.spec.clone(), service).cmd(cmd);
        spec.host_config.port_bindings = crate::Map::new();
        spec.host_config.restart_policy = crate::container::RestartPolicy::no();
        spec.config.labels.remove(label::DIGEST);
        Run::new(spec).pull(PullPolicy::Missing).to_completion(&self.docker).await
    }

    pub(super) fn known(&self, service: &str) -> Result<&super::plan::DesiredService, Failure> {
        self.desired.service(service).ok_or_else(|| Failure::refused(format!("there is no service {service:?}")))
    }
}

impl fmt::Display for ReplicaStatus {
    /// `web-1  Up 2 minutes (healthy)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.container.is_none() { "not there" } else { &self.status };
        write!(f, "{}-{}  {what}", self.service, self.replica)?;
        if self.container.is_some() && !self.is_current {
            f.write_str("  (of another version)")?;
        }
        Ok(())
    }
}
