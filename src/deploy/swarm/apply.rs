//! Applies a plan on a swarm: networks, secrets and configs, then services in the order of their dependencies.

use super::SwarmDeployment;
use super::observed::Observed;
use super::plan::{SwarmChange, SwarmPlan, changes};
use super::rollout::Rollout;
use super::specs::{StackService, replicas};
use crate::deploy::apply::{Lock, check_lease};
use crate::deploy::attempt::gone;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Cause, Concerning, Failure, Step};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Pause before a removal is checked or retried.
pub(super) const PAUSE: Duration = Duration::from_millis(200);
/// How long a removal is checked or retried.
pub(super) const REMOVAL_LIMIT: Duration = Duration::from_secs(60);
/// Number of tries to update a service, since the orchestrator may update it at the same time.
pub(super) const ATTEMPTS: u32 = 10;

impl SwarmPlan {
    /// Applies the changes and waits until each service has converged. Independent services are deployed at the same time.
    ///
    /// An empty plan sends nothing, unless a killed deployer has left its lock, which is removed then. The swarm rolls back a service
    /// whose new version fails. If the process is killed or the future is dropped, the next plan begins with what is left.
    ///
    /// # Errors
    /// [`Failure`] tells the step and the cause. The cause is [`Cause::Locked`] if another deployer is at work, and
    /// [`Cause::Stale`] if the swarm has changed since the plan was made.
    pub async fn apply(&self) -> Result<(), Failure> {
        if self.is_empty() && !self.has_left_lock {
            return Ok(());
        }
        // Whether a service has converged may change at any time.
        let writes = |changes: &[SwarmChange]| -> Vec<SwarmChange> {
            changes.iter().filter(|change| !matches!(change, SwarmChange::Converge { .. })).cloned().collect()
        };
        self.deployment.apply_what(|changes| Cause::if_stale(&writes(&self.changes), &writes(changes))).await
    }
}

impl SwarmDeployment {
    /// Plans the changes and applies them. Changes nothing if nothing has to change.
    ///
    /// # Errors
    /// The errors of [`SwarmPlan::apply`], except [`Cause::Stale`].
    pub async fn apply(&self) -> Result<(), Failure> {
        let observed = self.observed().await?;
        let is_done = changes(&self.stack, &observed).is_empty() && !self.has_left_lock(&observed);
        if is_done { Ok(()) } else { self.apply_what(|_| Ok(())).await }
    }

    async fn apply_what(&self, check: impl FnOnce(&[SwarmChange]) -> Result<(), Cause>) -> Result<(), Failure> {
        self.deployment
            .locked_on_swarm(async |lock| {
                let observed = self.observed().await?;
                let changes = changes(&self.stack, &observed);
                check(&changes).at_step(Step::Observe)?;
                self.run(&changes, observed, lock).await
            })
            .await
    }

    async fn run(&self, changes: &[SwarmChange], mut observed: Observed, lock: &Lock) -> Result<(), Failure> {
        for change in changes {
            self.create(change, &mut observed).await?;
        }
        let rollout = Arc::new(Rollout::new(self, changes, observed, lock).await?);
        let mut waiting: Vec<&StackService> = self.stack.services.iter().collect();
        let mut done = BTreeSet::new();
        // In rounds: all services whose dependencies are done.
        while !waiting.is_empty() {
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|service| service.after.iter().all(|other| done.contains(other)));
            check_lease(lock.end)?;
            rollout.services(&now).await?;
            done.extend(now.iter().map(|service| service.name.clone()));
            waiting = later;
        }
        check_lease(lock.end)?;
        for change in changes {
            self.remove(change).await?;
        }
        Ok(())
    }

    async fn create(&self, change: &SwarmChange, observed: &mut Observed) -> Result<(), Failure> {
        let docker = &self.deployment.docker;
        let failure = |what: String, step: Step, subject: &str, error: Error| {
            if error.is_conflict() {
                return Failure::new(step, Cause::Stranger(what));
            }
            Failure::new(step, error.into()).at(subject)
        };
        // The step names the service that it is for.
        let of_service = |what: String, error: Error| {
            let subject = format!("with {what}");
            failure(what, Step::Service, &subject, error)
        };
        match change {
            SwarmChange::CreateNetwork { name } => {
                let Some(spec) = self.stack.networks.iter().find(|network| network.name == *name) else {
                    return Ok(());
                };
                let created = docker.networks().create(spec).await;
                created.map_err(|error| failure(format!("the network {name}"), Step::Network, name, error))?;
                self.deployment.tell(None, &Event::Network { name: name.clone(), made: true });
            }
            SwarmChange::CreateSecret { name } => {
                let mut secrets = self.stack.services.iter().flat_map(|service| &service.secrets);
                let Some(secret) = secrets.find(|secret| secret.spec.name == *name) else { return Ok(()) };
                let created = docker.secrets().create(&secret.spec).await;
                let created = created.map_err(|error| of_service(format!("the secret {name}"), error))?;
                observed.secrets.insert(name.clone(), created.id().to_owned());
            }
            SwarmChange::CreateConfig { name } => {
                let mut configs = self.stack.services.iter().flat_map(|service| &service.configs);
                let Some(config) = configs.find(|config| config.spec.name == *name) else { return Ok(()) };
                let created = docker.configs().create(&config.spec).await;
                let created = created.map_err(|error| of_service(format!("the config {name}"), error))?;
                observed.configs.insert(name.clone(), created.id().to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    async fn remove(&self, change: &SwarmChange) -> Result<(), Failure> {
        let docker = &self.deployment.docker;
        let (name, removed) = match change {
            SwarmChange::Remove { name } => (name, docker.service(name).remove().await),
            SwarmChange::RemoveSecret { name } => (name, docker.secret(name).remove().await),
            SwarmChange::RemoveConfig { name } => (name, docker.config(name).remove().await),
            _ => return Ok(()),
        };
        // An object that is still in use is removed by the next plan.
        match gone(removed) {
            Err(error) if !error.is_in_use() => Err(Failure::new(Step::Remove, error.into()).at(name)),
            _ => Ok(()),
        }
    }

    /// Changes the number of a service's tasks and waits until they run.
    ///
    /// The next applied plan sets it back to the project's number. A swarm keeps one earlier specification of a service, so
    /// [`rollback`](Self::rollback) no longer knows the service's earlier version.
    ///
    /// # Errors
    /// The errors of [`apply`](Self::apply), and those of [`service`](Self::service). [`Failure`] at [`Step::Check`] if the service
    /// [runs once](crate::deploy::Ready::exited).
    pub async fn scale(&self, service: &str, tasks: u64) -> Result<(), Failure> {
        let there = self.service(service)?;
        let Some(service) = self.stack.service(service) else { return Ok(()) };
        if replicas(&service.spec).is_none() {
            return Err(Failure::refused(format!("{}: it runs once, with one task", service.name)));
        }
        self.deployment
            .locked_on_swarm(async |_| {
                let update = there.update(move |spec| spec.replicas(tasks)).attempts(ATTEMPTS).await;
                update.at_step(Step::Service).at(&service.name)?;
                self.converge(service, tasks, false).await
            })
            .await
    }
}
