//! Removing whole environments.

use super::apply::LEASE;
use super::attempt::{is_gone, remove, stop};
use super::deployment::Deployment;
use super::failure::{Failure, Step};
use super::plan::{Desired, is_running, label, listed};
use super::project::Project;
use crate::{Docker, Error, Result};
use std::collections::BTreeSet;

/// Removes an environment: stops and removes its containers, then removes its networks.
pub(super) async fn environment(
    docker: &Docker,
    project: &str,
    environment: &str,
    volumes: bool,
) -> Result<(), Failure> {
    let done = remove_environment(docker, project, environment, volumes).await;
    done.map_err(|error| Failure::new(Step::Remove, error.into()))
}

async fn remove_environment(docker: &Docker, project: &str, environment: &str, volumes: bool) -> Result<()> {
    let (project, environment) =
        (format!("{}={project}", label::PROJECT), format!("{}={environment}", label::ENVIRONMENT));
    for found in docker.containers().list().all(true).label(&project).label(&environment).await? {
        let container = docker.container(found.id);
        if is_running(&found.state) {
            stop(&container).await?;
        }
        remove(&container).await?;
    }
    for network in listed(docker.networks().list().label(&project).label(&environment)).await? {
        docker.network(network.id).remove().await.or_else(gone)?;
    }
    if volumes {
        for volume in docker.volumes().list().label(&project).label(&environment).await? {
            if !volume.labels.contains_key(LEASE) {
                docker.volume(volume.name).remove().await.or_else(gone)?;
            }
        }
    }
    Ok(())
}

fn gone(error: Error) -> Result<()> {
    if is_gone(&error) { Ok(()) } else { Err(error) }
}

/// Returns the environments of a project that have containers or networks.
async fn environments(docker: &Docker, project: &str) -> Result<BTreeSet<String>> {
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
        let mut found =
            environments(docker, &self.name).await.map_err(|error| Failure::new(Step::Observe, error.into()))?;
        found.retain(|name| !self.environments.contains_key(name));
        for name in &found {
            Deployment::new(docker, Desired::nothing(&self.name, name)).teardown().await?;
        }
        Ok(found.into_iter().collect())
    }
}
