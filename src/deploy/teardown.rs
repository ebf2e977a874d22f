//! Removing whole environments.

use super::apply::{LEASE, all_done, check_lease};
use super::attempt::{gone, remove, stop};
use super::deployment::Deployment;
use super::failure::{AtStep, Failure, Step};
use super::plan::{Desired, is_running, label, listed};
use super::project::Project;
use crate::Docker;
use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A call of [`Deployment::teardown`].
#[derive(Clone, Debug)]
#[must_use = "nothing is removed until it is awaited"]
pub struct Teardown {
    deployment: Deployment,
    volumes: bool,
}

impl Deployment {
    /// Removes all containers and networks of the environment, and with [`volumes`](Teardown::volumes) its volumes too.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Remove`], or at [`Step::Lock`] if another deployer is at work.
    pub fn teardown(&self) -> Teardown {
        Teardown { deployment: self.clone(), volumes: false }
    }
}

impl Teardown {
    /// Includes the volumes, with all their data. Defaults to `false`.
    pub fn volumes(mut self, remove: bool) -> Self {
        self.volumes = remove;
        self
    }
}

impl IntoFuture for Teardown {
    type Output = Result<(), Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // generates code only in crates that deploy
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { deployment, volumes } = self;
            // Not `locked`: what an engine cannot run can still be removed.
            deployment
                .locked_at(deployment.lock_place(), async |lock| {
                    remove_containers(&deployment).await?;
                    check_lease(lock.end)?;
                    remove_rest(&deployment.docker, &deployment.desired, volumes).await.at_step(Step::Remove)
                })
                .await
        })
    }
}

/// Stops and removes the containers of an environment.
async fn remove_containers(deployment: &Deployment) -> Result<(), Failure> {
    let Deployment { docker, desired, concurrency, .. } = deployment;
    let [project, environment] = desired.filters();
    let found = docker.containers().list().all(true).label(&project).label(&environment).await;
    let (permits, mut removals) = (Arc::new(Semaphore::new((*concurrency).max(1))), JoinSet::new());
    for found in found.at_step(Step::Remove)? {
        let (permits, container) = (permits.clone(), docker.container(found.id));
        removals.spawn(async move {
            let _permit = permits.acquire().await;
            if is_running(&found.state) {
                stop(&container).await.at_step(Step::Remove)?;
            }
            remove(&container).await.at_step(Step::Remove)
        });
    }
    all_done(removals).await
}

/// Removes the networks of an environment, and its volumes.
async fn remove_rest(docker: &Docker, desired: &Desired, volumes: bool) -> crate::Result<()> {
    let [project, environment] = desired.filters();
    for network in listed(docker.networks().list().label(&project).label(&environment)).await? {
        gone(docker.network(network.id).remove().await)?;
    }
    if volumes {
        for volume in docker.volumes().list().label(&project).label(&environment).await? {
            if !volume.labels.contains_key(LEASE) {
                gone(docker.volume(volume.name).remove().await)?;
            }
        }
    }
    Ok(())
}

/// Returns the environments of a project that have containers or networks.
async fn environments(docker: &Docker, project: &str) -> crate::Result<BTreeSet<String>> {
    let project = format!("{}={project}", label::PROJECT);
    let containers = docker.containers().list().all(true).label(&project).await?;
    let networks = listed(docker.networks().list().label(&project)).await?;
    let labels = containers.iter().map(|found| &found.labels).chain(networks.iter().map(|found| &found.labels));
    Ok(labels.filter_map(|labels| labels.get(label::ENVIRONMENT).cloned()).collect())
}

impl Project {
    /// Removes the environments on the engine that the project no longer has. Their volumes stay.
    ///
    /// Finds environments by their containers and networks. Does nothing for a project without
    /// [`environments`](Self::environments).
    ///
    /// Returns the names of the removed environments.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`] if the containers or networks cannot be listed, and the errors of
    /// [`Deployment::teardown`].
    pub async fn sweep(&self, docker: &Docker) -> Result<Vec<String>, Failure> {
        if self.environments.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = environments(docker, &self.name).await.at_step(Step::Observe)?;
        found.retain(|name| !self.environments.contains_key(name));
        for name in &found {
            Deployment::new(docker, Desired::nothing(&self.name, name)).teardown().await?;
        }
        Ok(found.into_iter().collect())
    }
}
