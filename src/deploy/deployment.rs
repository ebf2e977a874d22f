//! [`Deployment`]: a project in an environment, on an engine.

use super::apply::{Applying, Lock, Observer, OnReady, Patience, Place, report};
use super::duration;
use super::event::{Event, ProjectEvent};
use super::failure::{AtStep, Cause, Failure, Step};
use super::plan::{Change, Desired, DesiredService, Observed, Sources, changes, check_givers, joined, up_to_images};
use super::project::{Project, on_one_engine};
use super::target::Target;
use crate::container::Container;
use crate::{Docker, GoDuration};
use serde::{Serialize, Serializer};
use std::fmt::{self, Display};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A project in an environment, on an engine. Plans, applies, inspects and removes it.
///
/// Cloning is cheap.
///
/// ```no_run
/// use longshore::deploy::{Project, Service};
///
/// # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
/// let shop = Project::new("shop").service("web", Service::new("nginx:1.27"));
/// let prod = shop.deployment("prod", &docker)?; // validates the project; no request is sent
/// let plan = prod.plan().await?; // only reads
/// println!("{plan}");
/// plan.apply().await?;
///
/// for replica in prod.status().await? {
///     println!("{replica}"); // web-1  Up 2 seconds
/// }
/// prod.teardown().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is deployed until a plan is applied"]
pub struct Deployment {
    pub(super) docker: Docker,
    pub(super) desired: Arc<Desired>,
    patience: Patience,
    observer: Option<Observer>,
    pub(super) on_ready: Option<OnReady>,
    pub(super) concurrency: usize,
    /// Why the argument of a setter cannot be parsed. Calls fail with it.
    invalid: Option<String>,
}

impl Project {
    /// Returns the deployment of the project in one of its environments, on this engine.
    ///
    /// Reads the project's secrets and files from the local machine. Sends no request.
    ///
    /// # Errors
    /// The errors of [`in_environment`](Self::in_environment). [`Failure`] at [`Step::Check`] if a secret or file cannot be read.
    #[inline] // generates code only in crates that deploy
    pub fn deployment(&self, environment: &str, docker: &Docker) -> Result<Deployment, Failure> {
        let project = self.in_environment(environment)?;
        Ok(Deployment::new(docker, Desired::new(&project, environment)?))
    }
}

impl Deployment {
    pub(super) fn new(docker: &Docker, desired: Desired) -> Self {
        Self {
            docker: docker.clone(),
            desired: Arc::new(desired),
            patience: Patience { wait: Duration::ZERO, lease: Duration::from_secs(60 * 60) },
            observer: None,
            on_ready: None,
            concurrency: 8,
            invalid: None,
        }
    }

    /// Calls the observer at each step, as it happens. The observer runs between two steps and must not block. If it panics, the
    /// deployment goes on.
    pub fn observe(mut self, observer: impl FnMut(&ProjectEvent<'_>) + Send + 'static) -> Self {
        self.observer = Some(Arc::new(Mutex::new(observer)));
        self
    }

    /// Runs a hook once a new container is ready and before the previous one is stopped, for example to switch a proxy over.
    ///
    /// If the hook fails or panics, the container counts as not ready. It must complete within the service's
    /// [deadline](super::Service::deadline), which begins when the container starts. It also runs for a container that a rollback,
    /// a restart or the supervisor has started.
    pub fn on_ready<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(Target, Container) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        self.on_ready = Some(Arc::new(move |target, container| Box::pin(hook(target, container))));
        self
    }

    /// Sets how long to wait while another deployer works on the same environment, such as `"30s"` or a [`Duration`]. Defaults to
    /// zero: no waiting.
    ///
    /// If the future of a call is dropped, its lock is released in the background, about 2 seconds later. Other calls of the same
    /// process wait for that in any case.
    pub fn wait_for_lock(mut self, wait: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.invalid = duration::set(&mut self.patience.wait, wait).or(self.invalid);
        self
    }

    /// Sets how long this deployer's lock is valid, such as `"2h"` or a [`Duration`]. Another deployer may take it over afterwards.
    /// Defaults to an hour.
    ///
    /// Choose more than a deployment takes: once the lease is over, no further replica is changed, a
    /// [`before`](super::Service::before) container is removed, and the call fails with [`Cause::LeaseOver`]. A replica that is
    /// being replaced is left as it is, which the next plan recovers.
    ///
    /// If this process is killed, deployers on the same machine detect it and take over at once.
    ///
    /// On a single engine, the lock is a volume that no container uses. So do not prune volumes meanwhile: `docker volume prune --all`,
    /// and before Docker 23 without `--all` too, removes it, and another deployer would begin.
    pub fn lease(mut self, lease: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.invalid = duration::set(&mut self.patience.lease, lease).or(self.invalid);
        self
    }

    /// Sets how many services are deployed, how many images are pulled, and how many replicas are removed, at the same time.
    /// Defaults to 8.
    pub fn concurrency(mut self, services: usize) -> Self {
        self.concurrency = services;
        self
    }

    /// Compares the project with what exists on the engine. Sends only reads.
    ///
    /// Lists the containers, networks, volumes and images. Asks registries where pull policies or pushes require it. A container
    /// counts by the configuration that it was created with: what `docker update` has changed since is not seen.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`] if a service with something that [only one container can have](super::Order::Auto) has several
    /// replicas or starts first, which only a [swarm](Self::on_swarm) can do, or if a service needs such a thing before another one,
    /// which waits for it, gives it up. [`Failure`] at [`Step::Observe`] if a read fails.
    pub async fn plan(&self) -> Result<Plan, Failure> {
        let (changes, observed) = self.observe_changes().await?;
        let place = self.lock_place();
        let has_left_lock = observed.volumes.iter().any(|(name, labels)| place.is_left(name, labels));
        Ok(Plan { deployment: self.clone(), changes, has_left_lock })
    }

    /// Plans the changes and applies them. Changes nothing if nothing has to change.
    ///
    /// # Errors
    /// The errors of [`Plan::apply`], except [`Cause::Stale`].
    pub async fn apply(&self) -> Result<(), Failure> {
        let plan = self.plan().await?;
        if plan.is_done() { Ok(()) } else { self.apply_what(|_| Ok(())).await }
    }

    /// Plans while holding the lock, checks the changes and applies them.
    async fn apply_what(&self, check: impl FnOnce(&[Change]) -> Result<(), Cause>) -> Result<(), Failure> {
        self.locked(async |lock| {
            let (changes, observed) = self.observe_changes().await?;
            check(&changes).at_step(Step::Observe)?;
            self.applying(lock, &changes, &observed).await?.run(&changes, &observed).await
        })
        .await
    }

    async fn observe_changes(&self) -> Result<(Vec<Change>, Observed), Failure> {
        let observed = self.observed().await?;
        let changes = self.changes(&observed, |_| true).await?;
        check_givers(&self.desired, &changes, &observed).map_err(Failure::refused)?;
        Ok((changes, observed))
    }

    /// Returns the changes. Compares the images of these services with their registries and build folders.
    pub(super) async fn changes(
        &self,
        observed: &Observed,
        is_compared: impl Fn(&DesiredService) -> bool,
    ) -> Result<Vec<Change>, Failure> {
        let services = self.desired.services.iter().filter(|service| is_compared(service));
        let sources = Sources::read(&self.docker, &self.desired, observed, services).await;
        Ok(changes(&self.desired, observed, &sources.at_step(Step::Observe)?))
    }

    /// Reads the current state on a single engine. Sends nothing if it cannot run the project.
    pub(super) async fn observed(&self) -> Result<Observed, Failure> {
        self.check()?;
        Observed::read(&self.docker, &self.desired).await.at_step(Step::Observe)
    }

    /// Checks whether a single engine can run the project, with the numbers of replicas that it has now.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.check_setters()?;
        self.desired.services.iter().try_for_each(|service| {
            on_one_engine(&service.service).map_err(|why| Failure::refused(format!("services.{}: {why}", service.name)))
        })
    }

    fn check_setters(&self) -> Result<(), Failure> {
        self.invalid.as_ref().map_or(Ok(()), |why| Err(Failure::refused(why.as_str())))
    }

    /// Runs `work` while holding the lock of this environment. Sends nothing if a single engine cannot run the project.
    pub(super) async fn locked<T>(&self, work: impl AsyncFnOnce(&Lock) -> Result<T, Failure>) -> Result<T, Failure> {
        self.check()?;
        self.locked_at(self.lock_place(), work).await
    }

    pub(super) fn lock_place(&self) -> Place {
        Place::new(&self.docker, &self.desired, false)
    }

    /// Runs `work` while holding the lock of this environment on the swarm.
    pub(super) async fn locked_on_swarm<T>(
        &self,
        work: impl AsyncFnOnce(&Lock) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.locked_at(self.lock_place_on_swarm(), work).await
    }

    pub(super) fn lock_place_on_swarm(&self) -> Place {
        Place::new(&self.docker, &self.desired, true)
    }

    /// Runs `work` while holding the lock at this place.
    pub(super) async fn locked_at<T>(
        &self,
        place: Place,
        work: impl AsyncFnOnce(&Lock) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.check_setters()?;
        let lock = Lock::take(place, &self.desired, self.patience).await?;
        let done = work(&lock).await;
        let released = lock.release().await;
        let done = done?;
        released.at_step(Step::Unlock)?;
        Ok(done)
    }

    pub(super) fn tell(&self, target: Option<&Target>, event: &Event) {
        report(self.observer.as_ref(), target, event);
    }

    pub(super) async fn applying(
        &self,
        lock: &Lock,
        changes: &[Change],
        observed: &Observed,
    ) -> Result<Arc<Applying>, Failure> {
        let (desired, told) = (self.desired.clone(), (self.observer.clone(), self.on_ready.clone()));
        let applying = Applying::new(&self.docker, desired, lock, told, self.concurrency, (changes, observed)).await;
        applying.map(Arc::new).at_step(Step::Observe)
    }

    /// Returns a copy of the deployment with another number of replicas of a service.
    pub(super) fn with_replicas(&self, service: &str, replicas: u32) -> Result<Self, Failure> {
        let mut scaled = self.clone();
        let mut services = Arc::make_mut(&mut scaled.desired).services.iter_mut();
        let known = services.find(|known| known.name == service).ok_or_else(|| self.desired.lacks(service))?;
        known.service.replicas = replicas;
        Ok(scaled)
    }
}

impl fmt::Debug for Deployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deployment")
            .field("project", &self.desired.project)
            .field("environment", &self.desired.environment)
            .field("docker", &self.docker)
            .finish_non_exhaustive()
    }
}

/// The changes that bring the engine in line with the project, from [`Deployment::plan`].
///
/// Its `Display` lists the changes, one per line. It serializes to its [`changes`](Self::changes).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let docker = engine(&[
/// #     (r#"GET /networks?filters={"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#,
/// #      "200 []"),
/// #     (r#"GET /volumes?filters={"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#,
/// #      "200 {}"),
/// #     ("GET /images/json", "200 []"),
/// #     (concat!("GET /containers/json?all=true&filters=",
/// #         r#"{"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#), "200 []"),
/// # ]);
/// use longshore::deploy::{Project, Service};
///
/// let shop = Project::new("shop").service("web", Service::new("nginx:1.27").replicas(2));
/// let plan = shop.deployment("prod", &docker)?.plan().await?;
/// assert_eq!(plan.to_string(), "+ network shop-prod\n↓ image nginx:1.27\n+ web-1\n+ web-2");
/// assert_eq!(plan.changes().len(), 4);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is done until it is applied"]
pub struct Plan {
    deployment: Deployment,
    changes: Vec<Change>,
    /// Whether a killed deployer has left its lock.
    has_left_lock: bool,
}

impl Plan {
    /// Returns the changes, in the order of the `Display` output.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns whether nothing has to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn is_done(&self) -> bool {
        self.is_empty() && !self.has_left_lock
    }

    /// Applies the changes. Services that do not depend on each other are deployed at the same time. A service that needs what only
    /// one container can have, such as a host port, waits until another one that no longer has it is replaced.
    ///
    /// An empty plan sends nothing, unless a killed deployer has left its lock, which is removed then. If a new container does not
    /// become ready, the previous one keeps running or is restored. If the process is killed or the future is dropped, the next plan
    /// begins with recovering what is left.
    ///
    /// # Errors
    /// [`Failure`] tells the step, the cause, and what is left behind. The cause is [`Cause::Locked`] if another deployer is at
    /// work, and [`Cause::Stale`] if the engine has changed since the plan was made. An image that has been pulled or removed
    /// meanwhile is no such change: it is pulled if needed.
    pub async fn apply(&self) -> Result<(), Failure> {
        if self.is_done() {
            return Ok(());
        }
        let check = |changes: &[Change]| {
            let (planned, now) = up_to_images(&self.changes, changes);
            Cause::if_stale(&planned, &now)
        };
        self.deployment.apply_what(check).await
    }
}

impl fmt::Display for Plan {
    /// Writes one change per line: `+` creates, `↓` pulls, `↑` pushes, `~` replaces, `-` removes and `!` recovers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing to change");
        }
        f.write_str(&joined(&self.changes, "\n"))
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.changes.serialize(serializer)
    }
}
