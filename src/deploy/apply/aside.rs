//! Stops containers for good, and brings them back.

use super::Applying;
use crate::container::{Container, RestartPolicy, UpdateSpec};
use crate::deploy::attempt::stop;
use crate::deploy::event::Event;
use crate::deploy::failure::{Failure, Step};
use crate::deploy::plan::{Change, DesiredService, Found, Observed, label, shared};
use crate::deploy::target::Target;
use crate::{Error, Limits, Result};
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
        let configuration: serde_json::Value =
            serde_json::from_str(found.label(label::CONFIGURATION)).unwrap_or_default();
        let Some(policy) = configuration.pointer("/spec/HostConfig/RestartPolicy") else { return Ok(()) };
        let Ok(policy) = serde_json::from_str::<RestartPolicy>(&policy.to_string()) else { return Ok(()) };
        self.container(found).update(UpdateSpec::new().restart(policy)).await.map(drop)
    }

    /// Starts a container again, unless it has completed what it runs once.
    pub(super) async fn start_again(&self, found: &Found) -> Result<()> {
        if found.has_succeeded {
            return Ok(());
        }
        self.container(found).start().limits(Limits::new().whole(RESTORE_LIMIT)).await
    }

    /// Stops the replicas to be removed that have what a new container of the service needs.
    pub(super) async fn make_room(
        &self,
        service: &DesiredService,
        changes: &[Change],
        observed: &Observed,
    ) -> Result<Room, Failure> {
        let mut room = Room::default();
        for change in changes {
            let Change::Remove { target, because: Some(_) } = change else { continue };
            let slot = observed.slot(target);
            if shared(service, &slot).is_none() {
                continue;
            }
            for found in slot.containers().filter(|found| found.is_running()) {
                room.0.push((target.clone(), found.clone()));
                let stopped = async {
                    self.keep_stopped(found).await?;
                    self.stop(found).await
                };
                if let Err(error) = stopped.await {
                    let failure = Failure::new(Step::Stop, error.into()).of(target);
                    return Err(self.give_back(room, failure).await);
                }
            }
        }
        Ok(room)
    }

    /// Starts the replicas again, unless the container that failed may still run beside them.
    pub(super) async fn give_back(&self, room: Room, failure: Failure) -> Failure {
        let is_renamed = failure.step() == Step::Rename && !failure.error().is_some_and(Error::is_conflict);
        if is_renamed || !failure.left().is_empty() {
            return failure;
        }
        let mut failure = failure;
        for (target, found) in &room.0 {
            self.tell(Some(target), &Event::RollingBack);
            let started = async {
                self.restart_again(found).await?;
                self.start_again(found).await
            };
            match started.await {
                Ok(()) => self.tell(Some(target), &Event::RolledBack),
                Err(error) => failure = failure.with_rollback(error),
            }
        }
        failure
    }
}

/// The replicas to be removed that were stopped for a new container.
#[derive(Default)]
pub(super) struct Room(Vec<(Target, Found)>);
