//! Operations on a deployment: status, scaling, restarts, rollbacks, commands.

use super::deployment::Deployment;
use super::failure::Failure;
use super::plan::{DesiredService, Found, Observed, Sources, changes, label, one_off};
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
    /// The image that the container was created from, by its name at that time. Without a container, the image in the project.
    pub image: String,
    /// The ID of the deployment that created the container.
    pub release: String,
    /// Whether the container has the configuration that the project has now.
    pub is_current: bool,
    /// Number of containers of other versions that are kept.
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
            let image = configured_image(&label(label::CONFIGURATION)).unwrap_or_default();
            let is_current = desired.is_some_and(|desired| label(label::DIGEST) == desired.digest);
            let release = label(label::RELEASE);
            ReplicaStatus { container: Some(name), state, status: words, image, release, is_current, ..status }
        });
        Ok(replicas.collect())
    }

    /// Changes the number of a service's replicas. The next applied plan sets it back to the project's number.
    ///
    /// Existing replicas stay as they are, even if the project has changed. New ones are created as the project says.
    ///
    /// # Errors
    /// The errors of [`Plan::apply`](super::Plan::apply), and those of [`container`](Self::container).
    pub async fn scale(&self, service: &str, replicas: u32) -> Result<(), Failure> {
        let scaled = self.with_replicas(service, replicas)?;
        scaled
            .locked(async |lock| {
                let observed = scaled.observed().await?;
                let changes = scaled.changes_of_scale(&observed, service).await?;
                scaled.applying(lock, &changes, &observed).await?.run(&changes, &observed).await
            })
            .await
    }

    /// Returns the changes that scale a service, without replacements of existing replicas. Leaves out networks, volumes and images,
    /// and asks no registry, unless replicas are created.
    pub(super) async fn changes_of_scale(&self, observed: &Observed, service: &str) -> Result<Vec<Change>, Failure> {
        let creates = |change: &Change| change.is_of(service) && matches!(change, Change::Create(_));
        let is_growing = changes(&self.desired, observed, &Sources::default()).iter().any(creates);
        let mut changes = self.changes(observed, |other| is_growing && other.name == service).await?;
        let images: Vec<_> = self.desired.service(service).into_iter().flat_map(DesiredService::images).collect();
        changes.retain(|change| match change {
            Change::Replace { .. } | Change::Prune(_) => false,
            change if change.target().is_some() => change.is_of(service),
            change => is_growing && change.image().is_none_or(|image| images.contains(&image)),
        });
        Ok(changes)
    }

    /// Restarts the containers of a service one after the other. Each must be ready before the next one restarts. Creates no
    /// missing ones.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Ready`](super::Step::Ready) if a container does not become ready in time, or at the step
    /// that failed.
    pub async fn restart(&self, service: &str) -> Result<(), Failure> {
        self.known(service)?;
        self.locked(async |lock| {
            let observed = self.observed().await?;
            let applying = self.applying(lock, &[], &observed).await?;
            let its = observed.slots.iter().filter(|(target, _)| target.service == service);
            // A replica without a container is left to `apply`, which runs what must run before it.
            for (target, _) in its.filter(|(_, slot)| slot.current.is_some()) {
                applying.restart(target, &observed).await?;
            }
            Ok(())
        })
        .await
    }

    /// Rolls back to the previous version: starts the containers that were replaced last. The containers that replaced them are
    /// stopped, and removed by the next replacement, or if they are not among those to keep. A second rollback goes back further.
    ///
    /// Concerns the services that were changed last, by the same [`apply`](Self::apply). All others stay as they are, and so do
    /// services and replicas of which no earlier version is kept. If an earlier container does not become ready, the one that it
    /// replaced is started again.
    ///
    /// After an interrupted rollback, a second one completes it. A replica that was rolled back and does not run counts as
    /// interrupted: it goes no further back, and is started again.
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
    /// [`Failure`] at [`Step::Check`](super::Step::Check) if no earlier version is kept, or if its container has lost one of the
    /// project's networks, without which it does not start. Nothing has changed then.
    /// [`Failure`] at the step that failed if its containers do not become ready. [`Failure::rollback`] tells if the container that
    /// ran before could not be started again.
    pub async fn rollback(&self) -> Result<(), Failure> {
        self.rollback_to(1).await
    }

    /// Rolls back by this number of versions of the services that were changed last. Only as many as
    /// [each of them keeps](super::Service::keep) are available.
    ///
    /// # Errors
    /// The errors of [`rollback`](Self::rollback).
    pub async fn rollback_to(&self, generation: usize) -> Result<(), Failure> {
        if generation == 0 {
            return Err(Failure::refused("a rollback goes back by at least one version, not by 0"));
        }
        self.locked(async |lock| {
            let observed = self.observed().await?;
            self.applying(lock, &[], &observed).await?.roll_back(&observed, generation).await
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
    /// The container has no published ports, none of the service's files, and neither its name nor a fixed address on the network.
    /// The service's pull policy applies.
    ///
    /// # Errors
    /// The errors of [`Run::to_completion`], and those of [`container`](Self::container).
    pub async fn run<S: Into<String>>(
        &self,
        service: &str,
        cmd: impl IntoIterator<Item = S>,
    ) -> Result<Completed, Failure> {
        let known = self.known(service)?;
        let mut spec = one_off(known.spec.clone(), service).cmd(cmd);
        spec.host_config.port_bindings = crate::Map::new();
        spec.host_config.restart_policy = crate::container::RestartPolicy::no();
        spec.config.mac_address.clear();
        for (_, endpoint) in spec.networking_config.endpoints_config.iter_mut() {
            (endpoint.ipam_config, endpoint.mac_address) = (None, None); // the service's own containers have them
        }
        spec.config.labels.remove(label::DIGEST);
        let is_built = known.build.is_some(); // no registry may have it
        let mut run = Run::new(spec).pull(if is_built { PullPolicy::Missing } else { known.service.pull });
        run.credentials.clone_from(&known.service.credentials);
        run.to_completion(&self.docker).await
    }

    pub(super) fn known(&self, service: &str) -> Result<&DesiredService, Failure> {
        self.desired.service(service).ok_or_else(|| self.desired.lacks(service))
    }
}

/// Returns the image in the label that has a container's configuration.
fn configured_image(configuration: &str) -> Option<String> {
    let configuration: serde_json::Value = serde_json::from_str(configuration).ok()?;
    configuration.pointer("/spec/Image")?.as_str().map(str::to_owned)
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
