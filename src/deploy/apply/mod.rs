//! Applies a plan: networks and volumes, images, then services in the order of their dependencies.

mod lock;
mod rollback;
mod slot;

pub(super) use lock::{LEASE, Lock, Patience, Place, check_lease};
pub(super) use slot::check_each_second;

use super::attempt::{remove, stop};
use super::event::{Event, ProjectEvent};
use super::failure::{Cause, Failure, Step};
use super::plan::{Change, Desired, DesiredService, Observed, credentials, is_deployed, label};
use super::prepare::{Image, have_image};
use super::pull_policy::PullPolicy;
use super::target::Target;
use super::{After, Run};
use crate::container::{Container, Healthcheck};
#[cfg(feature = "tar")]
use crate::image::BuildResult;
use crate::image::ImageReference;
use crate::{Docker, Error, Result, Version};
use slot::Work;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The observer of the steps.
pub(super) type Observer = Arc<Mutex<dyn FnMut(&ProjectEvent<'_>) + Send>>;

/// Limits of the reported output of a failed `before` container: number of lines, and characters per line.
const LAST_LINES: usize = 20;
const LONGEST_LINE: usize = 200;

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
    /// Limits how many services and pulls run at the same time.
    permits: Semaphore,
}

/// The progress of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// Number of its containers that are not started yet.
    to_start: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Ready,
    Failed,
}

impl Applying {
    pub(super) async fn new(
        docker: &Docker,
        desired: Arc<Desired>,
        lock: &Lock,
        (observer, on_ready): (Option<Observer>, Option<OnReady>),
        concurrency: usize,
        changes: &[Change],
    ) -> Result<Self> {
        let progress = desired.services.iter().map(|service| {
            let to_start = changes.iter().filter(|change| starts(change, &service.name)).count();
            let state = if to_start == 0 { State::Ready } else { State::Waiting };
            (service.name.clone(), watch::Sender::new(Progress { to_start, state }))
        });
        Ok(Self {
            docker: docker.clone(),
            api_version: docker.api_version().await?,
            release: lock.release.clone(),
            lease_end: lock.end,
            progress: progress.collect(),
            desired,
            observer,
            on_ready,
            permits: Semaphore::new(concurrency.max(1)),
        })
    }

    pub(super) fn tell(&self, target: Option<&Target>, event: &Event) {
        if let (Event::Started, Some(target)) = (event, target) {
            self.progress(&target.service, |progress| progress.to_start = progress.to_start.saturating_sub(1));
        }
        if let Some(observer) = &self.observer {
            observer.lock().unwrap_or_else(PoisonError::into_inner)(&ProjectEvent { target, event });
        }
    }

    fn progress(&self, service: &str, change: impl FnOnce(&mut Progress)) {
        if let Some(progress) = self.progress.get(service) {
            progress.send_modify(change);
        }
    }

    /// Returns the engine's current image of this name by digest. So all containers use the same image, even if the tag moves.
    ///
    /// Also returns the image's health check, if any.
    async fn resolve(&self, name: &str) -> Result<(String, Option<Healthcheck>)> {
        let image = self.docker.image(name).inspect().await?;
        let check = image.config.and_then(|config| config.healthcheck);
        let repository = |name: &str| name.parse::<ImageReference>().ok().map(|reference| reference.name());
        let of_it = |digest: &&String| repository(digest).is_some() && repository(digest) == repository(name);
        Ok((image.repo_digests.iter().find(of_it).cloned().unwrap_or(image.id), check))
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
        self.pull(changes).await?;
        for change in changes {
            if let Change::Build { image } = change {
                self.build(image).await.map_err(|error| Failure::new(Step::Build, error.into()).at(image))?;
            }
        }
        self.services(changes, observed).await?;
        let unwanted = changes.iter().filter_map(|change| match change {
            Change::Remove(target) => Some(target),
            _ => None,
        });
        for target in unwanted {
            check_lease(self.lease_end)?;
            self.remove(target, observed).await?;
        }
        Ok(())
    }

    async fn create_network(&self, name: &str) -> Result<(), Failure> {
        let Some(spec) = self.desired.networks.iter().find(|network| network.name == name) else { return Ok(()) };
        match self.docker.networks().create(spec).await {
            Ok(_) => self.tell(None, &Event::Network { name: name.to_owned(), made: true }),
            Err(error) if error.is_conflict() => {
                return Err(Failure::new(Step::Network, Cause::Stranger(format!("the network {name}"))));
            }
            Err(error) => return Err(Failure::new(Step::Network, error.into()).at(name)),
        }
        Ok(())
    }

    async fn create_volume(&self, name: &str) -> Result<(), Failure> {
        let Some(spec) = self.desired.volumes.iter().find(|volume| volume.name == name) else { return Ok(()) };
        let failure = |error: Error| Failure::new(Step::Volume, error.into()).at(name);
        let volume = self.docker.volumes().create(spec).await.map_err(failure)?;
        // The engine leaves an existing volume unchanged, no matter who owns it.
        let labels = volume.inspect().await.map_err(failure)?.labels;
        let is_same = |key| labels.get(key) == spec.labels.get(key);
        if !is_same(label::PROJECT) || !is_same(label::ENVIRONMENT) {
            return Err(Failure::new(Step::Volume, Cause::Stranger(format!("the volume {name}"))));
        }
        self.tell(None, &Event::Volume { name: name.to_owned(), made: true });
        Ok(())
    }

    /// Builds an image from a folder. Pushes it if required.
    #[cfg(feature = "tar")]
    async fn build(&self, image: &str) -> Result<()> {
        let Some(service) = self.desired.built(image) else { return Ok(()) };
        let Some((from, digest)) = &service.build else { return Ok(()) };
        self.tell(None, &Event::Building(image.to_owned()));
        let mut build = self.docker.images().build(from.context.as_path()).tag(image).label(label::BUILT_FROM, digest);
        #[cfg(feature = "buildkit")]
        if self.docker.ping().await?.builder_version == Some(crate::system::BuilderVersion::BuildKit) {
            build = build.builder(crate::system::BuilderVersion::BuildKit);
        }
        if let Some(dockerfile) = &from.dockerfile {
            build = build.dockerfile(dockerfile);
        }
        if let Some(target) = &from.target {
            build = build.target(target);
        }
        for (name, value) in &from.args {
            build = build.build_arg(name, value);
        }
        let mut result = BuildResult::default();
        let mut steps = build.stream().await?;
        while let Some(step) = steps.next().await {
            let step = step?;
            result.note(&step);
            self.tell(None, &Event::BuildProgress(Box::new(step)));
        }
        self.tell(None, &Event::Built(result.id));
        if from.push {
            self.tell(None, &Event::Pushing(image.to_owned()));
            let mut push = self.docker.image(image).push();
            if let Some(credentials) = &service.service.credentials {
                push = push.credentials(credentials);
            }
            push.await?;
        }
        Ok(())
    }

    #[cfg(not(feature = "tar"))]
    #[allow(clippy::unused_async, reason = "it is, with the feature")]
    async fn build(&self, _: &str) -> Result<()> {
        Ok(()) // validation has refused it before
    }

    /// Pulls each image once, several at the same time.
    async fn pull(self: &Arc<Self>, changes: &[Change]) -> Result<(), Failure> {
        let images = changes.iter().filter_map(|change| match change {
            Change::Pull { image } => Some(image.clone()),
            _ => None,
        });
        let mut pulls = JoinSet::new();
        for name in images {
            let this = self.clone();
            pulls.spawn(async move {
                let _permit = this.permits.acquire().await;
                let credentials = credentials(&this.desired, &name);
                let image = Image { name: &name, policy: PullPolicy::Always, platform: None, credentials };
                let done = have_image(&this.docker, image, &mut |event| this.tell(None, event)).await;
                done.map_err(|error| Failure::new(Step::Pull, error.into()).at(&name))
            });
        }
        while let Some(pulled) = pulls.join_next().await {
            pulled.map_err(|error| stopped(&error))??;
        }
        Ok(())
    }

    /// Deploys services in parallel, as far as their dependencies allow. Returns the first failure with the others attached.
    async fn services(self: &Arc<Self>, changes: &[Change], observed: &Observed) -> Result<(), Failure> {
        let renewed: BTreeSet<_> = changes.iter().filter_map(Change::image).map(str::to_owned).collect();
        let mut services = JoinSet::new();
        for service in &self.desired.services {
            let is_its = |change: &&Change| change.target().is_some_and(|target| target.service == service.name);
            let its: Vec<_> = changes.iter().filter(is_its).filter(|change| !is_removal(change)).cloned().collect();
            if its.is_empty() {
                continue;
            }
            let is_prepared = is_deployed(service, observed, &renewed);
            let (this, service, observed) = (self.clone(), service.clone(), observed.clone());
            services.spawn(async move {
                let done = this.service(&service, is_prepared, &its, &observed).await;
                let state = if done.is_ok() { State::Ready } else { State::Failed };
                this.progress(&service.name, |progress| progress.state = state);
                done
            });
        }
        let mut failure: Option<Failure> = None;
        while let Some(done) = services.join_next().await {
            let Err(new) = done.map_err(|error| stopped(&error))? else { continue };
            failure = Some(match failure {
                None => new,
                Some(first) if matches!(new.cause(), Cause::Dependency(_)) => first,
                Some(first) if matches!(first.cause(), Cause::Dependency(_)) => new,
                Some(first) => first.with_other(new),
            });
        }
        failure.map_or(Ok(()), Err)
    }

    /// Makes the changes of a service. `is_prepared` tells whether its `before` container has already run for this version.
    async fn service(
        &self,
        service: &DesiredService,
        mut is_prepared: bool,
        changes: &[Change],
        observed: &Observed,
    ) -> Result<(), Failure> {
        for (other, condition) in &service.service.after {
            self.wait_for(other, *condition).await?;
        }
        let _permit = self.permits.acquire().await;
        let mut recovered = BTreeMap::new();
        for change in changes {
            let Some(target) = change.target() else { continue };
            check_lease(self.lease_end).map_err(|failure| failure.of(target))?;
            let slot = recovered.remove(target).unwrap_or_else(|| observed.slot(target));
            let mut work = Work { applying: self, service, target, slot };
            if matches!(change, Change::Create(_) | Change::Replace { .. }) && !is_prepared {
                self.before(service).await?;
                is_prepared = true;
            }
            let done = match change {
                Change::Create(_) => work.create().await,
                Change::Start(_) => work.start().await,
                Change::Replace { order, .. } => work.replace(*order).await,
                Change::Recover { recovery, .. } => work.recover(*recovery).await,
                _ => Ok(()),
            };
            done.map_err(|failure| failure.of(target))?;
            let slot = work.slot;
            recovered.insert(target, slot);
        }
        Ok(())
    }

    /// Waits until a service has reached the state that another one depends on.
    async fn wait_for(&self, other: &str, condition: After) -> Result<(), Failure> {
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

    /// Runs the `before` container of a service.
    async fn before(&self, service: &DesiredService) -> Result<(), Failure> {
        let Some(spec) = &service.before else { return Ok(()) };
        let name = format!("{}-{}.before", self.desired.prefix(), service.name);
        let left = self.docker.container(&name);
        match left.inspect().await {
            Ok(found) if found.config.labels.get(label::PROJECT) == Some(&self.desired.project) => {
                remove(&left).await.map_err(|error| Failure::new(Step::Before, error.into()).at(&service.name))?;
            }
            _ => {}
        }
        let completed = Run::new(spec).name(name).pull(PullPolicy::Never).to_completion(&self.docker).await?;
        if completed.exit.success() {
            return Ok(());
        }
        let output = completed.output_text();
        let last: Vec<_> = output.lines().rev().take(LAST_LINES).collect();
        let last = last.into_iter().rev().map(|line| line.chars().take(LONGEST_LINE).collect());
        let why = format!("{}; its last lines:\n{}", completed.exit, last.collect::<Vec<String>>().join("\n"));
        Err(Failure::new(Step::Before, Cause::Refused(why)).at(&service.name))
    }

    async fn remove(&self, target: &Target, observed: &Observed) -> Result<(), Failure> {
        let slot = observed.slot(target);
        for found in slot.superseded.iter().chain(&slot.next).chain(&slot.current) {
            let container = self.docker.container(&found.id);
            let removed = async {
                if found.is_running() {
                    stop(&container).await?;
                }
                remove(&container).await
            };
            removed.await.map_err(|error| Failure::new(Step::Remove, error.into()).of(target))?;
        }
        self.tell(Some(target), &Event::Removed);
        Ok(())
    }

    pub(super) async fn restart(&self, target: &Target, observed: &Observed) -> Result<(), Failure> {
        check_lease(self.lease_end).map_err(|failure| failure.of(target))?;
        let Some(work) = self.work(target, observed) else { return Ok(()) };
        work.restart().await.map_err(|failure| failure.of(target))
    }

    /// Heals one replica for the supervisor.
    pub(super) async fn heal(
        &self,
        target: &Target,
        observed: &Observed,
        lost_release: Option<&str>,
    ) -> Result<(), Failure> {
        let Some(work) = self.work(target, observed) else { return Ok(()) };
        work.heal(lost_release).await.map_err(|failure| failure.of(target))
    }

    fn work<'a>(&'a self, target: &'a Target, observed: &Observed) -> Option<Work<'a>> {
        let service = self.desired.service(&target.service)?;
        Some(Work { applying: self, service, target, slot: observed.slot(target) })
    }
}

/// Returns whether a change starts a container of the service.
fn starts(change: &Change, service: &str) -> bool {
    let is_start = matches!(change, Change::Create(_) | Change::Start(_) | Change::Replace { .. });
    is_start && change.target().is_some_and(|target| target.service == service)
}

fn is_removal(change: &Change) -> bool {
    matches!(change, Change::Remove(_))
}

/// The failure of a task that was cancelled or panicked.
pub(in crate::deploy) fn stopped(error: &tokio::task::JoinError) -> Failure {
    Failure::new(Step::Task, Cause::Refused(format!("a task of the deployment was stopped: {error}")))
}
