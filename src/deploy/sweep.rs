//! Removing what killed runs have left behind.

use super::attempt::{gone, remove};
use super::failure::{AtStep, Failure, Step};
use super::label::{LABEL, TEMPORARY};
use crate::container::ContainerStatus;
use crate::{Docker, GoDuration, Result, Timestamp};
use std::fmt::Display;
use std::time::Duration;

/// Removes what killed [`Run`](super::Run)s have left behind, if it is older than `older_than`, such as `"24h"` or a [`Duration`].
///
/// Removes containers that were never started or have exited, and then networks that no container uses. Running containers
/// stay, since they may be services, unless their run was to be [removed on drop](super::Run::remove_on_drop). Volumes stay too.
///
/// Returns the names of the removed containers and networks.
///
/// ```no_run
/// # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
/// let removed = longshore::deploy::sweep(&docker, "24h").await?;
/// println!("removed {}", removed.join(", "));
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`Failure`] at [`Step::Remove`], or at [`Step::Check`] if the duration's text is invalid.
pub async fn sweep(
    docker: &Docker,
    older_than: impl TryInto<GoDuration, Error: Display>,
) -> std::result::Result<Vec<String>, Failure> {
    let older_than = older_than.try_into().map_err(|why| Failure::refused(why.to_string()))?;
    sweep_runs(docker, older_than.duration()).await.at_step(Step::Remove)
}

async fn sweep_runs(docker: &Docker, older_than: Duration) -> Result<Vec<String>> {
    let mut removed = Vec::new();
    let is_old = |created: Option<Timestamp>| {
        let age = created.map(|created| Timestamp::now().duration_since(created));
        age.is_some_and(|age| Duration::try_from(age).unwrap_or_default() >= older_than)
    };
    for found in docker.containers().list().all(true).label(LABEL).await? {
        let is_over = matches!(found.state, ContainerStatus::Created | ContainerStatus::Exited | ContainerStatus::Dead);
        if (is_over || found.labels.contains_key(TEMPORARY)) && is_old(found.created) {
            remove(&docker.container(&found.id)).await?;
            removed.push(found.name().to_owned());
        }
    }
    for found in docker.networks().list().label(LABEL).dangling(true).await? {
        if is_old(found.created) {
            gone(docker.network(found.id).remove().await)?;
            removed.push(found.name);
        }
    }
    Ok(removed)
}
