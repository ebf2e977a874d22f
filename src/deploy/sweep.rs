//! Removing what killed runs have left.

use super::attempt::{is_gone, remove};
use super::failure::{Failure, Step};
use super::label::LABEL;
use crate::container::ContainerStatus;
use crate::{Docker, Result, Timestamp};
use std::time::Duration;

/// Removes what killed [`Run`](super::Run)s have left: containers that were made and never started, or have ended, and then
/// networks that nobody uses, all of them older than this. What runs stays: it may be a service.
///
/// Returns their names.
///
/// # Errors
/// [`Failure`] at [`Step::Remove`].
pub async fn sweep(docker: &Docker, older_than: Duration) -> std::result::Result<Vec<String>, Failure> {
    sweep_runs(docker, older_than).await.map_err(|error| Failure::new(Step::Remove, error.into()))
}

async fn sweep_runs(docker: &Docker, older_than: Duration) -> Result<Vec<String>> {
    let mut removed = Vec::new();
    let is_old = |created: Option<Timestamp>| {
        let age = created.map(|created| Timestamp::now().duration_since(created));
        age.is_some_and(|age| Duration::try_from(age).unwrap_or_default() >= older_than)
    };
    for found in docker.containers().list().all(true).label(LABEL).await? {
        let is_over = matches!(found.state, ContainerStatus::Created | ContainerStatus::Exited | ContainerStatus::Dead);
        if is_over && is_old(found.created) {
            remove(&docker.container(&found.id)).await?;
            removed.extend(found.names.into_iter().map(|name| name.trim_start_matches('/').to_owned()));
        }
    }
    for found in docker.networks().list().label(LABEL).dangling(true).await? {
        if is_old(found.created) {
            docker
                .network(found.id)
                .remove()
                .await
                .or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) })?;
            removed.push(found.name);
        }
    }
    Ok(removed)
}
