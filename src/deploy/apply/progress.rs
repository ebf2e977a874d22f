//! The progress of the services, which those that depend on them wait for.

use super::Applying;
use crate::deploy::After;
use crate::deploy::failure::{AtStep, Cause, Concerning, Failure, Step};
use crate::deploy::plan::{Change, Desired, DesiredService};
use crate::deploy::ready::{Began, gate};
use crate::deploy::target::Target;
use std::collections::BTreeMap;
use tokio::sync::watch;

/// The progress of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// Number of its containers that are not started yet.
    pub(super) to_start: usize,
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Ready,
    Failed,
}

/// Returns the progress of each service at the beginning.
pub(super) fn progress(desired: &Desired, changes: &[Change]) -> BTreeMap<String, watch::Sender<Progress>> {
    let progress = desired.services.iter().map(|service| {
        let to_start = changes.iter().filter(|change| starts(change, &service.name)).count();
        let is_settled = !is_changed(changes, &service.name) && !is_awaited(desired, changes, &service.name);
        let state = if is_settled { State::Ready } else { State::Waiting };
        (service.name.clone(), watch::Sender::new(Progress { to_start, state }))
    });
    progress.collect()
}

/// Returns the changes of a service, except removals.
pub(super) fn changes_of<'a>(changes: &'a [Change], service: &'a str) -> impl Iterator<Item = &'a Change> {
    changes.iter().filter(move |change| change.is_of(service)).filter(|change| !change.is_removal())
}

/// Returns whether a service has changes, except removals.
pub(super) fn is_changed(changes: &[Change], service: &str) -> bool {
    changes_of(changes, service).next().is_some()
}

/// Returns whether a service that changes waits until this one is ready or has completed.
pub(super) fn is_awaited(desired: &Desired, changes: &[Change], service: &str) -> bool {
    let awaits =
        |other: &DesiredService| other.service.after.get(service).is_some_and(|condition| *condition != After::Started);
    desired.services.iter().any(|other| awaits(other) && is_changed(changes, &other.name))
}

/// Returns whether a change starts a container of the service.
fn starts(change: &Change, service: &str) -> bool {
    let is_start = matches!(change, Change::Create(_) | Change::Start(_) | Change::Replace { .. });
    is_start && change.is_of(service)
}

/// Notes the outcome of a service when it is dropped, so that those that depend on it do not wait for a task that has panicked.
pub(super) struct Outcome<'a> {
    pub(super) applying: &'a Applying,
    pub(super) service: &'a str,
    pub(super) state: State,
}

impl Drop for Outcome<'_> {
    fn drop(&mut self) {
        self.applying.progress(self.service, |progress| progress.state = self.state);
    }
}

impl Applying {
    pub(super) fn progress(&self, service: &str, change: impl FnOnce(&mut Progress)) {
        if let Some(progress) = self.progress.get(service) {
            progress.send_modify(change);
        }
    }

    /// Waits until a service has reached the state that another one depends on.
    pub(super) async fn wait_for(&self, other: &str, condition: After) -> Result<(), Failure> {
        let Some(progress) = self.progress.get(other) else { return Ok(()) };
        let is_so = |progress: &Progress| match condition {
            After::Started => progress.to_start == 0 || progress.state != State::Waiting,
            After::Ready | After::Completed => progress.state != State::Waiting,
        };
        let reached = progress.subscribe().wait_for(is_so).await.map(|progress| *progress);
        match reached {
            Ok(Progress { state: State::Failed, .. }) | Err(_) => {
                Err(Failure::new(Step::Before, Cause::Dependency(other.to_owned())))
            }
            Ok(_) => Ok(()),
        }
    }

    /// Waits until those containers of a service are ready that this deployment does not start. They may have become unhealthy, or
    /// run again, since they were deployed.
    pub(super) async fn wait_for_unchanged(&self, service: &DesiredService, changes: &[Change]) -> Result<(), Failure> {
        let is_started = |target: &Target| {
            changes.iter().any(|change| change.target() == Some(target) && starts(change, &target.service))
        };
        for target in service.targets().filter(|target| !is_started(target)) {
            self.still_ready(service, &target).await.of(&target)?;
        }
        Ok(())
    }

    async fn still_ready(&self, service: &DesiredService, target: &Target) -> Result<(), Failure> {
        let container = self.docker.container(self.desired.container_name(target));
        let mut exit = match container.wait().registered().await {
            Ok(exit) => Box::pin(exit.exit()),
            Err(error) if error.is_not_found() => return Ok(()), // it was scaled down
            Err(error) => return Err(Failure::new(Step::Ready, error.into())),
        };
        let ready = service.service.ready.lasting();
        let found = (&container, Began::Earlier);
        let gated = gate(&ready, service.service.deadline, &self.docker, found, &mut exit).await;
        match gated.at_step(Step::Ready) {
            Err(failure) => Err(failure.with_evidence(&container).await),
            ready => ready,
        }
    }
}
