//! Changes the containers of one replica, in an order that can be undone or completed after each step.
//!
//! A new container is called `NAME.next` until it is ready. The previous one is called `NAME.RELEASE` from then on. So the names
//! tell how far an interrupted deployment got.

use super::{Applying, HookResult, check_lease};
use crate::container::{Container, ContainerStatus};
use crate::deploy::Order;
use crate::deploy::attempt::remove;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Cause, Failure, Step};
use crate::deploy::plan::{Change, DesiredService, Found, Slot};
use crate::deploy::ready::{Began, Exit, gate, next_exit};
use crate::deploy::target::{Recovery, Target};
use crate::{Error, Result};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use tokio::time::{Instant, timeout, timeout_at};

/// One replica and its existing containers.
pub(super) struct Work<'a> {
    pub(super) applying: &'a Applying,
    pub(super) service: &'a DesiredService,
    pub(super) target: &'a Target,
    pub(super) slot: Slot,
}

impl Work<'_> {
    pub(super) fn name(&self) -> String {
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
            Change::Start(_) => self.start_or_resume().await,
            Change::Replace { order, .. } if change.is_for_network() => self.renew(*order).await,
            Change::Replace { order, .. } => self.replace(*order).await,
            Change::Recover { recovery, .. } => self.recover(*recovery).await,
            _ => Ok(()),
        }
    }

    /// Creates the container. Versions that an interrupted deployment has left are kept as after a replacement.
    async fn create(&self) -> Result<(), Failure> {
        self.create_as(None).await?;
        for old in self.slot.superseded.iter().skip(self.service.keep()) {
            remove(&self.container(old)).await.at_step(Step::Remove)?;
        }
        Ok(())
    }

    /// Creates the container where there is none, of the version of the lost one or a new one.
    async fn create_as(&self, lost: Option<&Found>) -> Result<(), Failure> {
        let (next, mut exit) = self.create_next(lost).await?;
        let placed = async {
            self.start_and_wait(&next, &mut exit).await?;
            self.place(&next, &mut exit).await
        };
        if let Err(failure) = placed.await {
            return Err(self.give_up(&next, failure).await);
        }
        self.tell(&Event::Ready);
        Ok(())
    }

    /// Fails once another deployer may be at work. Before each step, since it may take long to come to it.
    pub(super) fn check_lease(&self) -> Result<(), Failure> {
        check_lease(self.applying.lease_end)
    }

    /// Starts the existing container, or resumes it if it is paused.
    async fn start_or_resume(&self) -> Result<(), Failure> {
        match &self.slot.current {
            Some(paused) if paused.state == ContainerStatus::Paused => {
                self.container(paused).unpause().await.at_step(Step::Start)?;
            }
            _ => {}
        }
        self.start().await
    }

    /// Starts the existing container. One that has lost a network does not start, so it is replaced.
    async fn start(&self) -> Result<(), Failure> {
        let Some(current) = &self.slot.current else { return self.create().await };
        let container = self.container(current);
        // An interrupted deployment may have removed its restart policy.
        self.applying.restart_again(current).await.at_step(Step::Start)?;
        let mut exit = next_exit(&container).await.at_step(Step::Start)?;
        match self.start_and_wait(&container, &mut exit).await {
            Ok(()) => {
                self.tell(&Event::Ready);
                Ok(())
            }
            Err(failure) if is_for_network(&failure) => self.renew(self.service.order().0).await,
            Err(failure) => Err(failure.with_evidence(&container).await),
        }
    }

    /// Stops the container and starts it again.
    pub(super) async fn restart(&self) -> Result<(), Failure> {
        if let Some(current) = &self.slot.current {
            self.applying.stop(current).await.at_step(Step::Stop)?;
        }
        self.start().await
    }

    /// Creates the container if it is gone, starts it if it has exited, and restarts it otherwise. One that was renamed gets its
    /// name back instead.
    pub(super) async fn heal(&mut self, lost: Option<&Found>) -> Result<(), Failure> {
        if let Some(renamed) = lost.and_then(|lost| self.slot.renamed(lost)).cloned() {
            self.applying.restore(self.target, &renamed).await.at_step(Step::Recover)?;
            if renamed.is_running() {
                return Ok(());
            }
            self.slot.current = Some(renamed);
        }
        match &self.slot.current {
            Some(current) if current.is_running() => self.restart().await,
            Some(_) => self.start().await,
            None => self.create_as(lost).await,
        }
    }

    /// Replaces the container with a new one. If that fails, the old one stays or is restored.
    async fn replace(&self, order: Order) -> Result<(), Failure> {
        let Some(old) = &self.slot.current else { return self.create().await };
        // The next rollback goes to what is replaced now, not to what was rolled back from.
        for undone in self.slot.undone() {
            remove(&self.container(undone)).await.at_step(Step::Remove)?;
        }
        self.exchange(old, order, None).await?;
        self.prune().await
    }

    /// Replaces a container that has lost a network. The old one is not kept: it is no earlier version.
    async fn renew(&self, order: Order) -> Result<(), Failure> {
        let Some(old) = &self.slot.current else { return self.create().await };
        self.exchange(old, order, Some(old)).await?;
        remove(&self.container(old)).await.at_step(Step::Remove)
    }

    /// Puts a new container in the place of the old one, of a new version or that of another one. If that fails, the old one stays
    /// or is restored.
    async fn exchange(&self, old: &Found, order: Order, version_of: Option<&Found>) -> Result<(), Failure> {
        for copy in self.slot.copies() {
            self.check_lease()?;
            remove(&self.container(copy)).await.at_step(Step::Remove)?; // it has the name that the old one gets
        }
        let (next, mut exit) = self.create_next(version_of).await?;
        match order {
            Order::StopFirst => self.stop_first(old, &next, &mut exit).await?,
            Order::StartFirst | Order::Auto => self.start_first(old, &next, &mut exit).await?,
        }
        self.tell(&Event::Replaced);
        Ok(())
    }

    async fn start_first(&self, old: &Found, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        if let Err(failure) = self.start_and_wait(next, exit).await {
            return Err(self.give_up(next, failure).await);
        }
        self.tell(&Event::Ready);
        let placed = async {
            self.check_lease()?;
            self.applying.keep_stopped(old).await.at_step(Step::Rename)?;
            self.rename_aside(old).await?;
            self.place(next, exit).await
        };
        if let Err(failure) = placed.await {
            return Err(self.put_back(old, next, failure).await);
        }
        self.check_lease()?;
        self.applying.stop(old).await.at_step(Step::Stop)
    }

    async fn stop_first(&self, old: &Found, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        let placed = async {
            self.check_lease()?;
            self.applying.keep_stopped(old).await.at_step(Step::Stop)?;
            self.check_lease()?;
            self.applying.stop(old).await.at_step(Step::Stop)?;
            self.rename_aside(old).await?;
            self.start_and_wait(next, exit).await?;
            self.tell(&Event::Ready);
            self.place(next, exit).await
        };
        match placed.await {
            Err(failure) => Err(self.put_back(old, next, failure).await),
            placed => placed,
        }
    }

    /// Removes the new container, brings the old one back, and returns the failure.
    async fn put_back(&self, old: &Found, next: &Container, failure: Failure) -> Failure {
        let failure = failure.with_evidence(next).await;
        if !self.applying.is_lease_over() {
            // An interruption must not leave it without its name: that of the new one tells that it is to be restored.
            drop(self.applying.rename(old, &self.name()).await);
        }
        let failure = self.remove_failed(next, failure).await;
        self.applying.bring_back(self.target, old, failure).await
    }

    /// Recovers the replica from an interrupted deployment.
    async fn recover(&mut self, recovery: Recovery) -> Result<(), Failure> {
        self.tell(&Event::Recovering(recovery));
        let done = match recovery {
            Recovery::RemoveBefore => match self.slot.before.take() {
                Some(before) => remove(&self.container(&before)).await,
                None => Ok(()),
            },
            Recovery::RemoveNext => self.remove_next().await,
            Recovery::Restore => match self.slot.to_restore().cloned() {
                Some(old) => {
                    self.slot.superseded.retain(|found| found.id != old.id);
                    let restored = self.applying.restore_and_start(self.target, &old).await;
                    let is_paused = restored.is_ok() && old.state == ContainerStatus::Paused;
                    let state = if is_paused { ContainerStatus::Running } else { old.state.clone() };
                    self.slot.current = Some(Found { name: self.name(), state, ..old });
                    restored
                }
                None => Ok(()),
            },
            Recovery::StopSuperseded => self.stop_superseded().await,
        };
        done.at_step(Step::Recover)
    }

    /// Removes the new container. The current one gets its restart policy back first, and runs again.
    async fn remove_next(&self) -> Result<()> {
        if let Some(current) = &self.slot.current {
            self.applying.restart_again(current).await?;
        }
        if let Some(next) = &self.slot.next {
            remove(&self.container(next)).await?;
        }
        match &self.slot.current {
            // It may fail, which may be why it is being replaced.
            Some(current) if !current.is_running() => drop(self.applying.start_again(current).await),
            _ => {}
        }
        Ok(())
    }

    /// Starts the container and waits until it is ready, at most until the lease is over.
    pub(super) async fn start_and_wait(&self, container: &Container, exit: &mut Exit) -> Result<(), Failure> {
        let ready = self.started_and_ready(container, exit);
        let done = match self.applying.lease_end {
            _ if self.applying.is_lease_over() => None,
            Some(end) => timeout_at(end, ready).await.ok(),
            None => Some(ready.await),
        };
        // Another deployer may have removed it, which is no failure of its own.
        let done = done.filter(|_| !self.applying.is_lease_over());
        done.unwrap_or_else(|| Err(Failure::new(Step::Ready, Cause::LeaseOver)))
    }

    async fn started_and_ready(&self, container: &Container, exit: &mut Exit) -> Result<(), Failure> {
        container.start().await.at_step(Step::Start)?;
        self.tell(&Event::Started);
        let (ready, deadline) = (&self.service.service.ready, self.service.service.deadline);
        let begun = Instant::now();
        let gated = gate(ready, deadline, &self.applying.docker, (container, Began::Now), exit).await;
        gated.at_step(Step::Ready)?;
        if let Some(hook) = &self.applying.on_ready {
            let left = deadline.saturating_sub(begun.elapsed());
            let hooked = caught(async { hook(self.target.clone(), container.clone()).await });
            let done = timeout(left, hooked).await;
            let done = done.unwrap_or_else(|_| Err(format!("it did not complete within {deadline:?}").into()));
            done.map_err(|error| Cause::Hook(error.to_string())).at_step(Step::Ready)?;
        }
        Ok(())
    }

    /// Removes the new container and returns the failure, with evidence.
    pub(super) async fn give_up(&self, next: &Container, failure: Failure) -> Failure {
        self.remove_failed(next, failure.with_evidence(next).await).await
    }

    async fn remove_failed(&self, next: &Container, failure: Failure) -> Failure {
        if self.applying.is_lease_over() {
            return failure;
        }
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
        let keep = self.service.keep();
        // The container that was just replaced counts as the newest one, but is not in the list.
        for old in self.slot.older().skip(keep.saturating_sub(1)) {
            remove(&self.container(old)).await.at_step(Step::Remove)?;
        }
        match &self.slot.current {
            Some(current) if keep == 0 => remove(&self.container(current)).await.at_step(Step::Remove),
            _ => Ok(()),
        }
    }
}

/// Returns whether a container could not be started because a network that it was created for is gone, even if another one has
/// its name now. The lists show only the project's own networks.
fn is_for_network(failure: &Failure) -> bool {
    let is_gone = |error: &Error| error.is_not_found() && error.message().contains("network");
    failure.step() == Step::Start && failure.error().is_some_and(is_gone)
}

/// Awaits a hook. A panic counts as its failure, so that the previous container is restored.
async fn caught(hook: impl Future<Output = HookResult>) -> HookResult {
    let mut hook = pin!(hook);
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| hook.as_mut().poll(cx))).unwrap_or_else(|panic| {
            let why = panic.downcast_ref::<&str>().copied().or_else(|| Some(panic.downcast_ref::<String>()?.as_str()));
            Poll::Ready(Err(format!("it panicked: {}", why.unwrap_or("without a message")).into()))
        })
    })
    .await
}
