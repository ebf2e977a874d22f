//! Changes the containers of one replica, in an order that can be undone or completed after each step.
//!
//! A new container is called `NAME.next` until it is ready. The previous one is called `NAME.RELEASE` from then on. So the names
//! tell how far an interrupted deployment got.

use super::Applying;
use crate::Result;
use crate::container::{Container, ExitStatus, WaitCondition};
use crate::deploy::Order;
use crate::deploy::attempt::{evidence, remove};
use crate::deploy::event::Event;
use crate::deploy::failure::{Cause, Failure, Step};
use crate::deploy::plan::{Change, DesiredService, Found, Slot};
use crate::deploy::ready::{Began, gate};
use crate::deploy::target::{Recovery, Target};
use std::pin::Pin;
use tokio::time::{Instant, timeout};

pub(super) type Exit = Pin<Box<dyn Future<Output = Result<ExitStatus>> + Send>>;

/// One replica and its existing containers.
pub(super) struct Work<'a> {
    pub(super) applying: &'a Applying,
    pub(super) service: &'a DesiredService,
    pub(super) target: &'a Target,
    pub(super) slot: Slot,
}

impl Work<'_> {
    fn name(&self) -> String {
        self.applying.desired.container_name(self.target)
    }

    pub(super) fn next_name(&self) -> String {
        format!("{}.next", self.name())
    }

    pub(super) fn container(&self, found: &Found) -> Container {
        self.applying.container(found)
    }

    pub(super) fn tell(&self, event: &Event) {
        self.applying.tell(Some(self.target), event);
    }

    /// Makes a change of the replica, other than a removal.
    pub(super) async fn make(&mut self, change: &Change) -> Result<(), Failure> {
        match change {
            Change::Create(_) => self.create().await,
            Change::Start(_) => self.start().await,
            Change::Replace { order, .. } => self.replace(*order).await,
            Change::Recover { recovery, .. } => self.recover(*recovery).await,
            _ => Ok(()),
        }
    }

    /// Creates the first container.
    async fn create(&self) -> Result<(), Failure> {
        self.create_in(&self.applying.release).await
    }

    /// Creates the first container, as part of a release.
    async fn create_in(&self, release: &str) -> Result<(), Failure> {
        let (next, mut exit) = self.create_next(release).await?;
        if let Err((step, cause)) = self.start_and_wait(&next, &mut exit).await {
            return Err(self.give_up(&next, step, cause).await);
        }
        if let Err(error) = next.rename(self.name()).await {
            let is_taken = error.is_conflict(); // by a container that is not the project's
            let failure = Failure::new(Step::Rename, error.into()).of(self.target);
            return Err(if is_taken { self.remove_failed(&next, failure).await } else { failure });
        }
        self.tell(&Event::Ready);
        Ok(())
    }

    /// Starts the existing container.
    async fn start(&self) -> Result<(), Failure> {
        let Some(current) = &self.slot.current else { return self.create().await };
        let container = self.container(current);
        // An interrupted deployment may have removed its restart policy.
        self.call(Step::Start, self.applying.restart_again(current)).await?;
        let mut exit = self.registered(&container).await.map_err(|error| Failure::new(Step::Start, error.into()))?;
        if let Err((step, cause)) = self.start_and_wait(&container, &mut exit).await {
            return Err(Failure::new(step, cause).with_evidence(evidence(&container).await));
        }
        self.tell(&Event::Ready);
        Ok(())
    }

    /// Stops the container and starts it again.
    pub(super) async fn restart(&self) -> Result<(), Failure> {
        if let Some(current) = &self.slot.current {
            self.call(Step::Stop, self.applying.stop(current)).await?;
        }
        self.start().await
    }

    /// Creates the container if it is gone, starts it if it has exited, and restarts it otherwise. A new one has the release of
    /// the lost one, which rollbacks compare.
    pub(super) async fn heal(&self, lost_release: Option<&str>) -> Result<(), Failure> {
        match &self.slot.current {
            Some(current) if current.is_running() => self.restart().await,
            Some(_) => self.start().await,
            None => self.create_in(lost_release.unwrap_or(&self.applying.release)).await,
        }
    }

    /// Replaces the container with a new one. If that fails, the old one stays or is restored.
    async fn replace(&self, order: Order) -> Result<(), Failure> {
        let Some(old) = &self.slot.current else { return self.create().await };
        let (next, mut exit) = self.create_next(&self.applying.release).await?;
        match order {
            Order::StopFirst => self.stop_first(old, &next, &mut exit).await?,
            Order::StartFirst | Order::Auto => self.start_first(old, &next, &mut exit).await?,
        }
        self.tell(&Event::Replaced);
        self.prune().await
    }

    async fn start_first(&self, old: &Found, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        if let Err((step, cause)) = self.start_and_wait(next, exit).await {
            return Err(self.give_up(next, step, cause).await);
        }
        self.tell(&Event::Ready);
        let swap = async {
            self.applying.keep_stopped(old).await?;
            self.container(old).rename(self.applying.superseded_name(self.target, old)).await?;
            next.rename(self.name()).await?;
            self.applying.stop(old).await
        };
        swap.await.map_err(|error| Failure::new(Step::Rename, error.into()))
    }

    async fn stop_first(&self, old: &Found, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        let swap = async {
            self.applying.stop_for_good(old).await?;
            self.container(old).rename(self.applying.superseded_name(self.target, old)).await
        };
        let started = match swap.await {
            Ok(()) => self.start_and_wait(next, exit).await,
            Err(error) => Err((Step::Stop, error.into())),
        };
        if let Err((step, cause)) = started {
            let failure = self.give_up(next, step, cause).await;
            self.tell(&Event::RollingBack);
            return Err(match self.applying.restore_and_start(self.target, old).await {
                Ok(()) => {
                    self.tell(&Event::RolledBack);
                    failure
                }
                Err(error) => failure.with_rollback(error),
            });
        }
        self.tell(&Event::Ready);
        self.call(Step::Rename, next.rename(self.name())).await
    }

    /// Recovers the replica from an interrupted deployment.
    async fn recover(&mut self, recovery: Recovery) -> Result<(), Failure> {
        self.tell(&Event::Recovering(recovery));
        let done = match recovery {
            Recovery::RemoveBefore => match self.slot.before.take() {
                Some(before) => remove(&self.container(&before)).await,
                None => Ok(()),
            },
            Recovery::RemoveNext => {
                let next = self.slot.next.take();
                self.remove_next(next.as_ref()).await
            }
            Recovery::Restore => match self.slot.to_restore().cloned() {
                Some(old) => {
                    self.slot.superseded.retain(|found| found.id != old.id);
                    let restored = self.applying.restore_and_start(self.target, &old).await;
                    self.slot.current = Some(Found { name: self.name(), ..old });
                    restored
                }
                None => Ok(()),
            },
            Recovery::StopSuperseded => self.stop_superseded().await,
        };
        done.map_err(|error| Failure::new(Step::Recover, error.into()))
    }

    /// Removes the new container. The current one gets its restart policy back first, and runs again.
    async fn remove_next(&self, next: Option<&Found>) -> Result<()> {
        if let Some(current) = &self.slot.current {
            self.applying.restart_again(current).await?;
        }
        if let Some(next) = next {
            remove(&self.container(next)).await?;
        }
        match &self.slot.current {
            // It may fail, which may be why it is being replaced.
            Some(current) if !current.is_running() => drop(self.applying.start_again(current).await),
            _ => {}
        }
        Ok(())
    }

    /// Waits for the exit of the run that is about to begin or already in progress.
    pub(super) async fn registered(&self, container: &Container) -> Result<Exit> {
        let exit = container.wait().condition(WaitCondition::NextExit).registered().await?;
        Ok(Box::pin(exit.exit()))
    }

    pub(super) async fn start_and_wait(&self, container: &Container, exit: &mut Exit) -> Result<(), (Step, Cause)> {
        container.start().await.map_err(|error| (Step::Start, error.into()))?;
        self.tell(&Event::Started);
        let (ready, deadline) = (&self.service.service.ready, self.service.service.deadline);
        let begun = Instant::now();
        let gated = gate(ready, deadline, &self.applying.docker, (container, Began::Now), exit).await;
        gated.map_err(|cause| (Step::Ready, cause))?;
        if let Some(hook) = &self.applying.on_ready {
            let left = deadline.saturating_sub(begun.elapsed());
            let done = timeout(left, hook(self.target.clone(), container.clone())).await;
            let done = done.unwrap_or_else(|_| Err(format!("it did not complete within {deadline:?}").into()));
            done.map_err(|error| (Step::Ready, Cause::Hook(error.to_string())))?;
        }
        Ok(())
    }

    /// Removes the new container and returns the failure.
    pub(super) async fn give_up(&self, next: &Container, step: Step, cause: Cause) -> Failure {
        let failure = Failure::new(step, cause).of(self.target).with_evidence(evidence(next).await);
        self.remove_failed(next, failure).await
    }

    async fn remove_failed(&self, next: &Container, failure: Failure) -> Failure {
        self.tell(&Event::CleaningUp);
        match remove(next).await {
            Ok(()) => failure,
            Err(error) => failure.with_left(vec![error]),
        }
    }

    async fn stop_superseded(&self) -> Result<()> {
        for old in self.slot.superseded.iter().filter(|found| found.is_running()) {
            self.applying.stop_for_good(old).await?;
        }
        Ok(())
    }

    /// Removes the oldest containers beyond the number to keep.
    async fn prune(&self) -> Result<(), Failure> {
        let keep = usize::try_from(self.service.service.keep).unwrap_or(usize::MAX);
        // The container that was just replaced counts as the newest one, but is not in the list.
        for old in self.slot.superseded.iter().skip(keep.saturating_sub(1)) {
            self.call(Step::Remove, remove(&self.container(old))).await?;
        }
        match &self.slot.current {
            Some(current) if keep == 0 => self.call(Step::Remove, remove(&self.container(current))).await,
            _ => Ok(()),
        }
    }

    async fn call<T>(&self, step: Step, call: impl IntoFuture<Output = Result<T>>) -> Result<T, Failure> {
        call.await.map_err(|error| Failure::new(step, error.into()).of(self.target))
    }
}
