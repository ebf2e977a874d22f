//! Applies a plan: networks and volumes, images, then services in the order of their dependencies.

mod aside;
mod before;
mod create;
mod images;
mod in_flight;
mod lock;
mod place;
mod progress;
mod rollback;
mod room;
mod slot;
#[cfg(all(test, feature = "testing"))]
mod tests;

pub(super) use create::check_each_second;
pub(super) use lock::{LEASE, Lock, Patience, Place, check_lease};

use super::After;
use super::attempt::remove;
use super::event::{Event, ProjectEvent};
use super::failure::{AtStep, Cause, Concerning, Failure, Step};
use super::plan::{
    Change, Desired, DesiredService, Found, Observed, Slot, full_name, givers, have_same, is_deployed, label,
    missing_networks,
};
use super::target::{Recovery, Target};
use crate::container::{Container, Healthcheck};
use crate::{Docker, Result, Version};
use progress::{Outcome, Progress, State, changes_of, is_awaited, is_changed, progress};
use room::Room;
use slot::Work;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The observer of the steps.
pub(super) type Observer = Arc<Mutex<dyn FnMut(&ProjectEvent<'_>) + Send>>;

/// The hook that runs once a new container is ready.
pub(super) type OnReady =
    Arc<dyn Fn(Target, Container) -> Pin<Box<dyn Future<Output = HookResult> + Send>> + Send + Sync>;
pub(super) type HookResult = std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// A plan that is being applied.
pub(super) struct Applying {
    pub(super) docker: Docker,
    pub(super) desired: Arc<Desired>,
    /// The ID that everything created by this deployment carries.
    pub(super) release: String,
    /// When this deployment's lock expires.
    lease_end: Option<Instant>,
    pub(super) api_version: Version,
    pub(super) observer: Option<Observer>,
    pub(super) on_ready: Option<OnReady>,
    /// The progress of each service.
    progress: BTreeMap<String, watch::Sender<Progress>>,
    /// The images that containers are created from, by full name: each by digest, with its health check.
    resolved: tokio::sync::Mutex<BTreeMap<String, (String, Option<Healthcheck>)>>,
    /// Limits how many services, pulls and removals run at the same time.
    permits: Semaphore,
    /// The replicas to be removed that were stopped for new containers.
    room: Room,
}

impl Applying {
    pub(super) async fn new(
        docker: &Docker,
        desired: Arc<Desired>,
        lock: &Lock,
        (observer, on_ready): (Option<Observer>, Option<OnReady>),
        concurrency: usize,
        (changes, existing): (&[Change], &Observed),
    ) -> Result<Self> {
        Ok(Self {
            docker: docker.clone(),
            api_version: docker.api_version().await?,
            release: existing.later(&lock.release),
            lease_end: lock.end,
            progress: progress(&desired, changes),
            desired,
            observer,
            on_ready,
            resolved: tokio::sync::Mutex::default(),
            permits: Semaphore::new(concurrency.max(1)),
            room: Room::default(),
        })
    }

    /// Calls the observer, and counts the containers that have started.
    pub(super) fn tell(&self, target: Option<&Target>, event: &Event) {
        if let (Event::Started, Some(target)) = (event, target) {
            self.progress(&target.service, |progress| progress.to_start = progress.to_start.saturating_sub(1));
        }
        report(self.observer.as_ref(), target, event);
    }

    /// Applies the changes.
    pub(super) async fn run(self: &Arc<Self>, changes: &[Change], observed: &Observed) -> Result<(), Failure> {
        for change in changes {
            match change {
                Change::CreateNetwork { name } => self.create_network(name).await?,
                Change::CreateVolume { name } => self.create_volume(name).await?,
                _ => {}
            }
        }
        self.images(changes).await?;
        let observed = Arc::new(observed.clone());
        self.services(changes, &observed).await?;
        let mut removals = JoinSet::new();
        if changes.iter().any(Change::is_removal) {
            check_lease(self.lease_end)?;
        }
        for change in changes.iter().filter(|change| change.is_removal()) {
            let (this, change, observed) = (self.clone(), change.clone(), observed.clone());
            removals.spawn(async move {
                let _permit = this.permits.acquire().await;
                match change.target() {
                    Some(target) => check_lease(this.lease_end).of(target)?,
                    None => return Ok(()),
                }
                this.remove(&change, &observed).await
            });
        }
        all_done(removals).await
    }

    async fn create_network(&self, name: &str) -> Result<(), Failure> {
        let Some(spec) = self.desired.networks.iter().find(|network| network.name == name) else { return Ok(()) };
        match self.docker.networks().create(spec).await {
            Err(error) if error.is_conflict() => {
                return Err(Failure::new(Step::Network, Cause::Stranger(format!("the network {name}"))));
            }
            created => created.at_step(Step::Network).at(name)?,
        };
        self.tell(None, &Event::Network { name: name.to_owned(), made: true });
        Ok(())
    }

    async fn create_volume(&self, name: &str) -> Result<(), Failure> {
        let Some(spec) = self.desired.volumes.iter().find(|volume| volume.name == name) else { return Ok(()) };
        let volume = self.docker.volumes().create(spec).await.at_step(Step::Volume).at(name)?;
        // The engine leaves an existing volume unchanged, no matter who owns it.
        let labels = volume.inspect().await.at_step(Step::Volume).at(name)?.labels;
        if !have_same(&[label::PROJECT, label::ENVIRONMENT], &labels, &spec.labels) {
            return Err(Failure::new(Step::Volume, Cause::Stranger(format!("the volume {name}"))));
        }
        self.tell(None, &Event::Volume { name: name.to_owned(), made: true });
        Ok(())
    }

    /// Deploys services in parallel, as far as their dependencies allow. Returns the first failure with the others attached.
    async fn services(self: &Arc<Self>, changes: &[Change], observed: &Arc<Observed>) -> Result<(), Failure> {
        let renewed: BTreeSet<_> = changes.iter().filter_map(Change::renewed).map(full_name).collect();
        let all: Arc<[Change]> = changes.into();
        let mut services = JoinSet::new();
        for service in &self.desired.services {
            let is_awaited = is_awaited(&self.desired, changes, &service.name);
            if !is_changed(changes, &service.name) && !is_awaited {
                continue;
            }
            let is_prepared = is_deployed(service, observed, &renewed);
            let (this, service, all, observed) = (self.clone(), service.clone(), all.clone(), observed.clone());
            services.spawn(async move {
                let mut outcome = Outcome { applying: &this, service: &service.name, state: State::Failed };
                this.service(&service, is_prepared, &all, &observed).await?;
                if is_awaited {
                    this.wait_for_unchanged(&service, &all).await?;
                }
                outcome.state = State::Ready;
                Ok(())
            });
        }
        all_done(services).await
    }

    /// Makes the changes of a service. `is_prepared` tells whether its `before` container has already run for this version.
    async fn service(
        &self,
        service: &DesiredService,
        mut is_prepared: bool,
        changes: &[Change],
        observed: &Observed,
    ) -> Result<(), Failure> {
        let its: Vec<_> = changes_of(changes, &service.name).collect();
        if its.is_empty() {
            return Ok(());
        }
        for (other, condition) in &service.service.after {
            self.wait_for(other, *condition).await?;
        }
        for (giver, _) in givers(service, &self.desired, (changes, observed)) {
            self.wait_for(giver, After::Ready).await?;
        }
        let _permit = self.permits.acquire().await;
        let mut recovered = BTreeMap::new();
        for change in its {
            let Some(target) = change.target() else { continue };
            check_lease(self.lease_end).of(target)?;
            if matches!(change, Change::Create(_) | Change::Replace { .. }) && !is_prepared {
                if let Err(failure) = self.before(service, target).await.of(target) {
                    return Err(self.give_back(&service.name, observed, failure).await);
                }
                is_prepared = true;
            }
            if change.needs_room() {
                self.make_room(service, changes, observed).await?;
            }
            let slot = recovered.remove(target).unwrap_or_else(|| observed.slot(target));
            let mut work = Work { applying: self, service, target, slot };
            let made = async {
                self.name_to_restore(target, change, changes, &work.slot).await?;
                work.make(change).await
            };
            if let Err(failure) = made.await.of(target) {
                return Err(self.give_back(&service.name, observed, failure).await);
            }
            let slot = work.slot;
            recovered.insert(target, slot);
        }
        Ok(())
    }

    /// Gives the container that is restored next its name, before the new one is removed: an interruption must not leave it without
    /// either, which tell that it is to be restored.
    async fn name_to_restore(
        &self,
        target: &Target,
        change: &Change,
        changes: &[Change],
        slot: &Slot,
    ) -> Result<(), Failure> {
        let recovers = |change: &Change, wanted: Recovery| matches!(change, Change::Recover { target: of, recovery } if of == target && *recovery == wanted);
        let is_restored = changes.iter().any(|change| recovers(change, Recovery::Restore));
        match slot.to_restore().filter(|_| is_restored && recovers(change, Recovery::RemoveNext)) {
            Some(old) => self.rename(old, &self.desired.container_name(target)).await.at_step(Step::Recover),
            None => Ok(()),
        }
    }

    /// Removes the containers of a replica, or those that are no longer kept.
    async fn remove(&self, change: &Change, observed: &Observed) -> Result<(), Failure> {
        let Some(target) = change.target() else { return Ok(()) };
        let slot = observed.slot(target);
        let kept = self.desired.service(&target.service).filter(|_| matches!(change, Change::Prune(_)));
        let containers: Vec<_> = match kept {
            Some(service) => slot.unkept(service.keep()).collect(),
            None => slot.containers().collect(),
        };
        for found in containers {
            let removed = async {
                if found.is_running() {
                    self.stop(found).await?;
                }
                remove(&self.container(found)).await
            };
            removed.await.at_step(Step::Remove).of(target)?;
        }
        if kept.is_none() {
            self.tell(Some(target), &Event::Removed);
        }
        Ok(())
    }

    pub(super) async fn restart(&self, target: &Target, observed: &Observed) -> Result<(), Failure> {
        check_lease(self.lease_end).of(target)?;
        let Some(work) = self.work(target, observed) else { return Ok(()) };
        work.restart().await.of(target)
    }

    /// Heals one replica for the supervisor, which may have seen the container that it has lost.
    pub(super) async fn heal(&self, target: &Target, observed: &Observed, lost: Option<&Found>) -> Result<(), Failure> {
        let Some(mut work) = self.work(target, observed) else { return Ok(()) };
        let its = &work.service.spec.networking_config.endpoints_config;
        for network in missing_networks(&self.desired, observed).filter(|network| its.contains_key(network)) {
            self.create_network(network).await?; // it may be why the container does not start
        }
        work.heal(lost).await.of(target)
    }

    fn work<'a>(&'a self, target: &'a Target, observed: &Observed) -> Option<Work<'a>> {
        let service = self.desired.service(&target.service)?;
        Some(Work { applying: self, service, target, slot: observed.slot(target) })
    }
}

/// Calls the observer, if there is one. A panic ends there: it must not interrupt a deployment halfway.
pub(super) fn report(observer: Option<&Observer>, target: Option<&Target>, event: &Event) {
    if let Some(observer) = observer {
        let mut observer = observer.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = catch_unwind(AssertUnwindSafe(|| observer(&ProjectEvent { target, event })));
    }
}

/// Waits for tasks, such as those of services. Returns the first failure with the others attached. A service whose dependency
/// failed says less than that one.
pub(super) async fn all_done(mut tasks: JoinSet<Result<(), Failure>>) -> Result<(), Failure> {
    let mut failure: Option<Failure> = None;
    while let Some(done) = tasks.join_next().await {
        let Err(new) = done.unwrap_or_else(|error| Err(stopped(&error))) else { continue };
        failure = Some(match failure {
            None => new,
            Some(first) if matches!(new.cause(), Cause::Dependency(_)) => first,
            Some(first) if matches!(first.cause(), Cause::Dependency(_)) => new,
            Some(first) => first.with_other(new),
        });
    }
    failure.map_or(Ok(()), Err)
}

/// The failure of a task that was cancelled or panicked.
fn stopped(error: &tokio::task::JoinError) -> Failure {
    Failure::new(Step::Task, Cause::Refused(format!("a task of the deployment was stopped: {error}")))
}
