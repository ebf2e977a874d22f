//! Stops containers for good, and brings them back.

use super::{Applying, check_lease};
use crate::container::{Container, RestartPolicy, UpdateSpec};
use crate::deploy::attempt::{start_or_resume, stop};
use crate::deploy::event::Event;
use crate::deploy::failure::Failure;
use crate::deploy::plan::{Found, label};
use crate::deploy::target::Target;
use crate::{Limits, Result};
use std::time::Duration;

/// Limit of the time to start the previous container again.
const RESTORE_LIMIT: Duration = Duration::from_secs(120);

impl Applying {
    pub(super) fn container(&self, found: &Found) -> Container {
        self.docker.container(&found.id)
    }

    pub(super) async fn stop(&self, found: &Found) -> Result<()> {
        stop(&self.container(found)).await
    }

    /// Removes the restart policy, so that the engine does not start the container beside its replacement.
    pub(super) async fn keep_stopped(&self, found: &Found) -> Result<()> {
        self.container(found).update(UpdateSpec::new().restart(RestartPolicy::no())).await.map(drop)
    }

    /// Restores the restart policy from the container's configuration.
    pub(super) async fn restart_again(&self, found: &Found) -> Result<()> {
        let configuration = found.configuration();
        let Some(policy) = configuration.pointer("/spec/HostConfig/RestartPolicy") else { return Ok(()) };
        let Ok(policy) = serde_json::from_str::<RestartPolicy>(&policy.to_string()) else { return Ok(()) };
        self.container(found).update(UpdateSpec::new().restart(policy)).await.map(drop)
    }

    /// Starts a container again, unless it has completed what it runs once.
    pub(super) async fn start_again(&self, found: &Found) -> Result<()> {
        if found.has_succeeded {
            return Ok(());
        }
        start_or_resume(&self.container(found), Limits::new().whole(RESTORE_LIMIT)).await
    }

    /// Returns the name of a container that has been replaced.
    pub(super) fn superseded_name(&self, target: &Target, old: &Found) -> String {
        let release = old.label(label::RELEASE);
        let short = release.len().checked_sub(8).and_then(|start| release.get(start..));
        format!("{}.{}", self.desired.container_name(target), short.unwrap_or("old"))
    }

    /// Renames a container, then stops it for good. While it runs, its name tells that it is to be restored or stopped.
    pub(super) async fn set_aside(&self, found: &Found, name: &str) -> Result<()> {
        self.rename(found, name).await?;
        self.stop_for_good(found).await
    }

    /// Stops a container for good: the engine does not start it again.
    pub(super) async fn stop_for_good(&self, found: &Found) -> Result<()> {
        self.keep_stopped(found).await?;
        self.stop(found).await
    }

    /// Renames a previous container back and restores its restart policy.
    pub(super) async fn restore(&self, target: &Target, old: &Found) -> Result<()> {
        self.rename(old, &self.desired.container_name(target)).await?;
        self.restart_again(old).await
    }

    pub(super) async fn restore_and_start(&self, target: &Target, old: &Found) -> Result<()> {
        self.restore(target, old).await?;
        self.start_again(old).await
    }

    /// Returns whether another deployer may be at work, so that nothing is undone.
    pub(super) fn is_lease_over(&self) -> bool {
        check_lease(self.lease_end).is_err()
    }

    /// Restores and starts a container that was stopped for a new one, which has failed. Returns the failure.
    pub(super) async fn bring_back(&self, target: &Target, old: &Found, failure: Failure) -> Failure {
        if self.is_lease_over() {
            return failure;
        }
        self.tell(Some(target), &Event::RollingBack);
        match self.restore_and_start(target, old).await {
            Ok(()) => {
                self.tell(Some(target), &Event::RolledBack);
                failure
            }
            Err(error) => failure.with_rollback(error),
        }
    }

    pub(super) async fn rename(&self, found: &Found, name: &str) -> Result<()> {
        rename(&self.container(found), name).await
    }
}

/// Renames a container. Succeeds if it already has the name, as it may if only the response was lost.
pub(super) async fn rename(container: &Container, name: &str) -> Result<()> {
    let Err(error) = container.rename(name).await else { return Ok(()) };
    match container.inspect().await {
        Ok(found) if found.plain_name() == name => Ok(()),
        _ => Err(error),
    }
}
