//! [`Deployment`]: a project in an environment, on an engine.

use super::apply::{Applying, Lock, Observer, OnReady, Patience};
use super::event::ProjectEvent;
use super::failure::{Cause, Failure, Step};
use super::plan::{Change, Desired, Observed, changes, newer};
use super::project::Project;
use super::target::Target;
use crate::Docker;
use crate::container::Container;
use serde::{Serialize, Serializer};
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A project in an environment, on an engine: to be planned, applied, looked at and taken down. Cheap to clone.
///
/// ```no_run
/// use longshore::deploy::{Project, Service};
///
/// # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
/// let shop = Project::new("shop").service("web", Service::new("nginx:1.27"));
/// let prod = shop.deployment("prod", &docker)?; // checked; nothing was sent
/// let plan = prod.plan().await?; // only reads
/// println!("{plan}");
/// plan.apply().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is deployed until a plan is applied"]
pub struct Deployment {
    pub(super) docker: Docker,
    pub(super) desired: Arc<Desired>,
    patience: Patience,
    observer: Option<Observer>,
    on_ready: Option<OnReady>,
    concurrency: usize,
}

impl Project {
    /// The project in one of its environments, on this engine. What it takes from this machine (secrets and files) is read now;
    /// nothing is sent.
    ///
    /// # Errors
    /// As [`in_environment`](Self::in_environment); and a secret or a file that cannot be read.
    #[inline] // what it calls is compiled where somebody deploys, and not before
    pub fn deployment(&self, environment: &str, docker: &Docker) -> Result<Deployment, Failure> {
        let project = self.in_environment(environment)?;
        Ok(Deployment {
            docker: docker.clone(),
            desired: Arc::new(Desired::new(&project, environment)?),
            patience: Patience { wait: Duration::ZERO, lease: Duration::from_secs(60 * 60) },
            observer: None,
            on_ready: None,
            concurrency: 8,
        })
    }
}

impl Deployment {
    /// Tells this function of each step, as it happens. It is called between two steps and must not block.
    pub fn observe(mut self, observer: impl FnMut(&ProjectEvent<'_>) + Send + 'static) -> Self {
        self.observer = Some(Arc::new(Mutex::new(observer)));
        self
    }

    /// Does this once a new container is ready, before the one that it replaces is stopped: such as switching a proxy over. If
    /// it fails, the container counts as not ready.
    pub fn on_ready<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(Target, Container) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        self.on_ready = Some(Arc::new(move |target, container| Box::pin(hook(target, container))));
        self
    }

    /// Sets how long to wait while somebody else is deploying the same environment. Defaults to not at all.
    pub fn wait_for_lock(mut self, wait: Duration) -> Self {
        self.patience.wait = wait;
        self
    }

    /// Sets how long this deployer is believed to be at work, if it is not heard of any more: then another one takes over. One
    /// that was killed on the machine of the other is found out at once. Defaults to an hour.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.patience.lease = lease;
        self
    }

    /// Sets how many services, and pulls, are worked on at a time. Defaults to 8.
    pub fn concurrency(mut self, services: usize) -> Self {
        self.concurrency = services;
        self
    }

    /// Compares what is there with what is to be there. It only reads: a list each of containers, networks, volumes and
    /// images, and from registries what the pull policies ask for.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`].
    pub async fn plan(&self) -> Result<Plan, Failure> {
        let (changes, _) = self.observe_changes().await?;
        Ok(Plan { deployment: self.clone(), changes })
    }

    /// Makes it so: plans, and applies the plan.
    ///
    /// # Errors
    /// As [`Plan::apply`].
    pub async fn apply(&self) -> Result<(), Failure> {
        self.plan().await?.apply().await
    }

    pub(super) async fn observe_changes(&self) -> Result<(Vec<Change>, Observed), Failure> {
        let failure = |error: crate::Error| Failure::new(Step::Observe, error.into());
        let observed = self.observed().await?;
        let newer = newer(&self.docker, &self.desired, &observed).await.map_err(failure)?;
        Ok((changes(&self.desired, &observed, &newer), observed))
    }

    pub(super) async fn observed(&self) -> Result<Observed, Failure> {
        let observed = Observed::read(&self.docker, &self.desired).await;
        observed.map_err(|error| Failure::new(Step::Observe, error.into()))
    }

    /// Does something while nobody else deploys.
    pub(super) async fn locked<T>(&self, work: impl AsyncFnOnce(&Lock) -> Result<T, Failure>) -> Result<T, Failure> {
        let lock = Lock::take(&self.docker, &self.desired, self.patience).await?;
        let done = work(&lock).await;
        let released = lock.release().await;
        let done = done?;
        released.map_err(|error| Failure::new(Step::Lock, error.into()))?;
        Ok(done)
    }

    pub(super) async fn applying(&self, release: &str, changes: &[Change]) -> Result<Arc<Applying>, Failure> {
        let (desired, told) = (self.desired.clone(), (self.observer.clone(), self.on_ready.clone()));
        let applying = Applying::new(&self.docker, desired, release, told, self.concurrency, changes).await;
        applying.map(Arc::new).map_err(|error| Failure::new(Step::Observe, error.into()))
    }

    /// The same, with another number of a service's replicas.
    pub(super) fn with_replicas(&self, service: &str, replicas: u32) -> Result<Self, Failure> {
        let mut desired = (*self.desired).clone();
        match desired.services.iter_mut().find(|known| known.name == service) {
            Some(service) => service.service.replicas = replicas,
            None => return Err(Failure::refused(format!("there is no service {service:?}"))),
        }
        Ok(Self { desired: Arc::new(desired), ..self.clone() })
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

/// What has to be done so that all is as it is to be. It displays as a list, and serializes to its changes.
#[derive(Clone, Debug)]
#[must_use = "nothing is done until it is applied"]
pub struct Plan {
    deployment: Deployment,
    changes: Vec<Change>,
}

impl Plan {
    /// The changes, in the order in which they are displayed.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether all is as it is to be.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Carries it out: services that do not depend on each other at the same time.
    ///
    /// An empty plan sends nothing. A service that does not become ready leaves the containers before it in place, or puts
    /// them back. If the process is killed, or the future dropped, the next plan begins with what is left.
    ///
    /// # Errors
    /// [`Failure`]: what failed, why, and what is left. [`Cause::Locked`]: somebody else is deploying; [`Cause::Stale`]: they
    /// have, since the plan was made.
    pub async fn apply(&self) -> Result<(), Failure> {
        if self.is_empty() {
            return Ok(());
        }
        let deployment = &self.deployment;
        deployment
            .locked(async |lock| {
                let (changes, observed) = deployment.observe_changes().await?;
                if changes != self.changes {
                    return Err(Failure::new(Step::Observe, Cause::Stale));
                }
                deployment.applying(&lock.release, &changes).await?.run(&changes, &observed).await
            })
            .await
    }
}

impl fmt::Display for Plan {
    /// A change in a line: `+` is made, `~` replaced, `-` removed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing to change");
        }
        for (index, change) in self.changes.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{change}")?;
        }
        Ok(())
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.changes.serialize(serializer)
    }
}

/// A call of [`Deployment::teardown`].
#[derive(Clone, Debug)]
#[must_use = "nothing is removed until it is awaited"]
pub struct Teardown {
    deployment: Deployment,
    volumes: bool,
}

impl Deployment {
    /// Removes all containers and networks of the environment; its volumes too, if asked for.
    pub fn teardown(&self) -> Teardown {
        Teardown { deployment: self.clone(), volumes: false }
    }
}

impl Teardown {
    /// Sets whether volumes are removed too, with all that is in them. Defaults to `false`.
    pub fn volumes(mut self, remove: bool) -> Self {
        self.volumes = remove;
        self
    }
}

impl IntoFuture for Teardown {
    type Output = Result<(), Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // what it calls is compiled where somebody deploys, and not before
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { deployment, volumes } = self;
            let Desired { project, environment, .. } = &*deployment.desired;
            deployment
                .locked(async |_| super::teardown::environment(&deployment.docker, project, environment, volumes).await)
                .await
        })
    }
}
