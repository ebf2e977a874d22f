//! Removing whole environments.

use super::apply::LEASE;
use super::attempt::{is_gone, remove, stop};
use super::failure::{Failure, Step};
use super::plan::label;
use super::project::Project;
use crate::container::ContainerStatus;
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
        if found.state == ContainerStatus::Running {
            stop(&container).await?;
        }
        remove(&container).await?;
    }
    for network in docker.networks().list().label(&project).label(&environment).await? {
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

impl Project {
    /// Removes the environments on the engine that the project no longer has. Their volumes stay.
    ///
    /// Finds environments by their containers. Does nothing for a project without [`environments`](Self::environments).
    ///
    /// Returns the names of the removed environments.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Remove`], or at [`Step::Observe`] if the containers cannot be listed.
    pub async fn sweep(&self, docker: &Docker) -> Result<Vec<String>, Failure> {
        let label = format!("{}={}", label::PROJECT, self.name);
        let containers = docker.containers().list().all(true).label(&label).await;
        let containers = containers.map_err(|error| Failure::new(Step::Observe, error.into()))?;
        let environments = containers.iter().filter_map(|container| container.labels.get(label::ENVIRONMENT).cloned());
        let unwanted: BTreeSet<_> = environments
            .filter(|name| !self.environments.is_empty() && !self.environments.contains_key(name))
            .collect();
        for name in &unwanted {
            environment(docker, &self.name, name, false).await?;
        }
        Ok(unwanted.into_iter().collect())
    }
}
