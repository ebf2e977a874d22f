//! What is done with a deployment afterwards: looking at it, scaling, restarting, going back.

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

/// How a replica is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicaStatus {
    /// The service.
    pub service: String,
    /// Which of its containers, from 1 on.
    pub replica: u32,
    /// The container's name; `None` if there is none.
    pub container: Option<String>,
    /// The container's state.
    pub state: ContainerStatus,
    /// The engine's words for people, such as `Up 2 minutes (healthy)`.
    pub status: String,
    /// The name of the image in its configuration.
    pub image: String,
    /// The deployment that made it.
    pub release: String,
    /// Whether its configuration is that of the project, as it is now.
    pub is_current: bool,
    /// How many containers of versions before are kept.
    pub kept: usize,
}

impl Deployment {
    /// Tells how each replica is, of what is to be there and of what is.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`](super::Step::Observe).
    pub async fn status(&self) -> Result<Vec<ReplicaStatus>, Failure> {
        let mut observed = self.observed().await?;
        for service in &self.desired.services {
            for replica in 1..=service.service.replicas {
                observed.slots.entry((service.name.clone(), replica)).or_default();
            }
        }
        let replicas = observed.slots.into_iter().map(|((service, replica), slot)| {
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

    /// Changes the number of a service's containers, until the next plan says otherwise.
    ///
    /// # Errors
    /// As [`Plan::apply`](super::Plan::apply).
    pub async fn scale(&self, service: &str, replicas: u32) -> Result<(), Failure> {
        let scaled = self.with_replicas(service, replicas)?;
        scaled
            .locked(async |lock| {
                let (changes, observed) = scaled.observe_changes().await?;
                let is_its = |change: &Change| change.target().is_some_and(|target| target.service == service);
                let changes: Vec<_> = changes.into_iter().filter(is_its).collect();
                scaled.applying(&lock.release, &changes).await?.run(&changes, &observed).await
            })
            .await
    }

    /// Restarts the containers of a service, one after the other; each has to be ready before the next one is.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Ready`](super::Step::Ready), and what else can fail.
    pub async fn restart(&self, service: &str) -> Result<(), Failure> {
        self.known(service)?;
        self.locked(async |lock| {
            let observed = self.observed().await?;
            let applying = self.applying(&lock.release, &[]).await?;
            let replicas = observed.slots.keys().filter(|(name, _)| name == service).cloned();
            for (service, replica) in replicas.collect::<Vec<_>>() {
                applying.restart(&Target { service, replica }, &observed).await?;
            }
            Ok(())
        })
        .await
    }

    /// Goes back to the version before: the containers that were replaced last are started again, and those that have replaced
    /// them are kept in their place.
    ///
    /// # Errors
    /// [`Failure`] if there is none, or it does not become ready.
    pub async fn rollback(&self) -> Result<(), Failure> {
        self.rollback_to(1).await
    }

    /// Goes back by so many versions, as far as [they are kept](super::Service::keep).
    ///
    /// # Errors
    /// As [`rollback`](Self::rollback).
    pub async fn rollback_to(&self, generation: usize) -> Result<(), Failure> {
        self.locked(async |lock| {
            let observed = self.observed().await?;
            self.applying(&lock.release, &[]).await?.roll_back(&observed, generation).await
        })
        .await
    }

    /// A container of a service, from 1 on, for all that can be done with one. No I/O.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`](super::Step::Check): there is no such service.
    pub fn container(&self, service: &str, replica: u32) -> Result<Container, Failure> {
        self.known(service)?;
        Ok(self.docker.container(self.desired.container_name(service, replica)))
    }

    /// Creates a process in the first container of a service: [`Container::exec`].
    ///
    /// # Errors
    /// As [`container`](Self::container).
    pub fn exec<S: Into<String>>(
        &self,
        service: &str,
        cmd: impl IntoIterator<Item = S>,
    ) -> Result<exec::Create, Failure> {
        Ok(self.container(service, 1)?.exec(cmd))
    }

    /// Runs a command to its end in a container of its own, made as those of a service, without its published ports, its
    /// files and its name on the network.
    ///
    /// # Errors
    /// As [`Run::to_completion`].
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
