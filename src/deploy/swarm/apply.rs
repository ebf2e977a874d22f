//! Applies a plan on a swarm: networks, secrets and configs, then services in the order of their dependencies.

use super::SwarmDeployment;
use super::observed::Observed;
use super::plan::{SwarmChange, SwarmPlan, changes, replicas};
use super::specs::StackService;
use crate::deploy::apply::{Lock, check_lease};
use crate::deploy::event::Event;
use crate::deploy::failure::{Cause, Failure, Step};
use crate::deploy::plan::label;
use crate::service::{Service, ServiceSpec};
use crate::task::{ConfigReference, SecretReference};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Pause before a removal is checked or retried.
const PAUSE: Duration = Duration::from_millis(200);
/// Number of checks or retries of a removal.
const LOOKS: usize = 300;
/// Number of tries to update a service, since the orchestrator may update it at the same time.
const ATTEMPTS: u32 = 10;

impl SwarmPlan {
    /// Applies the changes and waits until each service has converged. Independent services are deployed at the same time.
    ///
    /// An empty plan sends nothing. The swarm rolls back a service whose new version fails. If the process is killed or the
    /// future is dropped, the next plan begins with what is left.
    ///
    /// # Errors
    /// [`Failure`] tells the step and the cause. The cause is [`Cause::Locked`] if another deployer is at work, and
    /// [`Cause::Stale`] if the swarm has changed since the plan was made.
    pub async fn apply(&self) -> Result<(), Failure> {
        if self.is_empty() {
            return Ok(());
        }
        self.deployment.apply_what(|changes| Cause::if_stale(&self.changes, changes)).await
    }
}

impl SwarmDeployment {
    /// Plans the changes and applies them. Changes nothing if nothing has to change.
    ///
    /// # Errors
    /// The errors of [`SwarmPlan::apply`], except [`Cause::Stale`].
    pub async fn apply(&self) -> Result<(), Failure> {
        let changes = changes(&self.stack, &self.observed().await?);
        if changes.is_empty() { Ok(()) } else { self.apply_what(|_| Ok(())).await }
    }

    async fn apply_what(&self, check: impl FnOnce(&[SwarmChange]) -> Result<(), Cause>) -> Result<(), Failure> {
        self.deployment
            .locked_on_swarm(async |lock| {
                let observed = self.observed().await?;
                let changes = changes(&self.stack, &observed);
                check(&changes).map_err(|cause| Failure::new(Step::Observe, cause))?;
                self.run(&changes, observed, lock).await
            })
            .await
    }

    async fn run(&self, changes: &[SwarmChange], mut observed: Observed, lock: &Lock) -> Result<(), Failure> {
        for change in changes {
            self.create(change, &mut observed).await?;
        }
        let mut waiting: Vec<&StackService> = self.stack.services.iter().collect();
        let mut done = BTreeSet::new();
        // In rounds: all services whose dependencies are done.
        while !waiting.is_empty() {
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|service| service.after.iter().all(|other| done.contains(other)));
            check_lease(lock.end)?;
            self.services(&now, changes, &observed, &lock.release).await?;
            done.extend(now.iter().map(|service| service.name.clone()));
            waiting = later;
        }
        check_lease(lock.end)?;
        for change in changes {
            self.remove(change).await?;
        }
        Ok(())
    }

    async fn create(&self, change: &SwarmChange, observed: &mut Observed) -> Result<(), Failure> {
        let docker = &self.deployment.docker;
        let stranger = |what: &str, step: Step, error: Error| {
            if error.is_conflict() {
                return Failure::new(step, Cause::Stranger(what.to_owned()));
            }
            Failure::new(step, error.into()).at(what)
        };
        match change {
            SwarmChange::CreateNetwork { name } => {
                let Some(spec) = self.stack.networks.iter().find(|network| network.name == *name) else {
                    return Ok(());
                };
                let created = docker.networks().create(spec).await;
                created.map_err(|error| stranger(&format!("the network {name}"), Step::Network, error))?;
                self.deployment.tell(None, &Event::Network { name: name.clone(), made: true });
            }
            SwarmChange::CreateSecret { name } => {
                let mut secrets = self.stack.services.iter().flat_map(|service| &service.secrets);
                let Some(secret) = secrets.find(|secret| secret.spec.name == *name) else { return Ok(()) };
                let created = docker.secrets().create(&secret.spec).await;
                let created = created.map_err(|error| stranger(&format!("the secret {name}"), Step::Service, error))?;
                observed.secrets.insert(name.clone(), created.id().to_owned());
            }
            SwarmChange::CreateConfig { name } => {
                let mut configs = self.stack.services.iter().flat_map(|service| &service.configs);
                let Some(config) = configs.find(|config| config.spec.name == *name) else { return Ok(()) };
                let created = docker.configs().create(&config.spec).await;
                let created = created.map_err(|error| stranger(&format!("the config {name}"), Step::Service, error))?;
                observed.configs.insert(name.clone(), created.id().to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    /// Deploys services in parallel. Returns the first failure with the others attached.
    async fn services(
        &self,
        services: &[&StackService],
        changes: &[SwarmChange],
        observed: &Observed,
        release: &str,
    ) -> Result<(), Failure> {
        let mut tasks = JoinSet::new();
        for service in services {
            let is_its = |change: &&SwarmChange| match change {
                SwarmChange::Create { service: name }
                | SwarmChange::Update { service: name, .. }
                | SwarmChange::Scale { service: name, .. } => *name == service.name,
                _ => false,
            };
            let Some(change) = changes.iter().find(is_its).cloned() else { continue };
            let (this, name) = (self.clone(), service.name.clone());
            let (observed, release) = (observed.clone(), release.to_owned());
            tasks.spawn(async move {
                let Some(service) = this.stack.service(&name) else { return Ok(()) };
                this.service_is_changed(service, &change, &observed, &release).await
            });
        }
        let mut failure: Option<Failure> = None;
        while let Some(done) = tasks.join_next().await {
            let done = done.unwrap_or_else(|error| Err(Failure::refused(format!("a task was stopped: {error}"))));
            let Err(new) = done else { continue };
            failure = Some(match failure {
                None => new,
                Some(first) => first.with_other(new),
            });
        }
        failure.map_or(Ok(()), Err)
    }

    async fn service_is_changed(
        &self,
        service: &StackService,
        change: &SwarmChange,
        observed: &Observed,
        release: &str,
    ) -> Result<(), Failure> {
        let failed = |step: Step| {
            let name = &service.name;
            move |error: Error| Failure::new(step, error.into()).at(name)
        };
        let docker = &self.deployment.docker;
        let spec = with_references(service, observed, release);
        let there = docker.service(&service.spec.name);
        if !matches!(change, SwarmChange::Scale { .. }) {
            self.before(service).await?;
        }
        match change {
            SwarmChange::Create { .. } => {
                let create = docker.services().create(&spec);
                let create = match &service.credentials {
                    Some(credentials) => create.credentials(credentials),
                    None => create.registry_auth(true),
                };
                create.await.map_err(failed(Step::Service))?;
            }
            SwarmChange::Scale { to, .. } => {
                let to = *to;
                let update = there.update(move |found| found.replicas(to)).attempts(ATTEMPTS);
                update.await.map_err(failed(Step::Service))?;
            }
            _ => {
                let update = there.update(move |found| replaced(found, &spec)).attempts(ATTEMPTS);
                let update = match &service.credentials {
                    Some(credentials) => update.credentials(credentials),
                    None => update,
                };
                update.await.map_err(failed(Step::Service))?;
            }
        }
        self.converge(&there, service).await
    }

    async fn converge(&self, there: &Service, service: &StackService) -> Result<(), Failure> {
        self.deployment.tell(None, &Event::Converging { service: service.name.clone(), progress: None });
        let (this, name) = (self.deployment.clone(), service.name.clone());
        let converge = there.converge().deadline(service.deadline).observe(move |progress| {
            let progress = Some(Box::new(progress.clone()));
            this.tell(None, &Event::Converging { service: name.clone(), progress });
        });
        converge.await.map_err(|error| Failure::new(Step::Converge, error.into()).at(&service.name))?;
        self.deployment.tell(None, &Event::Converged { service: service.name.clone() });
        Ok(())
    }

    /// Runs the `before` container to completion, as a job of the swarm.
    async fn before(&self, service: &StackService) -> Result<(), Failure> {
        let Some(spec) = &service.before else { return Ok(()) };
        let docker = &self.deployment.docker;
        let left = docker.service(&spec.name);
        let done = async {
            gone(left.remove().await)?;
            let job = docker.services().create(spec).registry_auth(true).await?;
            let done = job.converge().deadline(service.deadline).await;
            gone(job.remove().await)?;
            done
        };
        done.await.map_err(|error| Failure::new(Step::Before, error.into()).at(&service.name))
    }

    async fn remove(&self, change: &SwarmChange) -> Result<(), Failure> {
        let docker = &self.deployment.docker;
        let (name, removed) = match change {
            SwarmChange::Remove { name } => (name, docker.service(name).remove().await),
            SwarmChange::RemoveSecret { name } => (name, docker.secret(name).remove().await),
            SwarmChange::RemoveConfig { name } => (name, docker.config(name).remove().await),
            _ => return Ok(()),
        };
        // An object that is still in use is removed by the next plan.
        match gone(removed) {
            Err(error) if !error.is_in_use() => Err(Failure::new(Step::Remove, error.into()).at(name)),
            _ => Ok(()),
        }
    }

    /// Rolls each service back to its specification before the last update, and waits until it has converged.
    ///
    /// # Errors
    /// [`Failure`] if no service has been updated before, or if one does not converge.
    pub async fn rollback(&self) -> Result<(), Failure> {
        self.deployment
            .locked_on_swarm(async |_| {
                let observed = self.observed().await?;
                let mut is_any = false;
                for service in &self.stack.services {
                    let found = observed.services.get(&service.spec.name);
                    if found.is_none_or(|found| found.previous_spec.is_none()) {
                        continue;
                    }
                    is_any = true;
                    let there = self.deployment.docker.service(&service.spec.name);
                    let rollback = there.rollback().attempts(ATTEMPTS).await;
                    rollback.map_err(|error| Failure::new(Step::Recover, error.into()).at(&service.name))?;
                    self.converge(&there, service).await?;
                }
                if is_any { Ok(()) } else { Err(Failure::refused("there is no earlier version to go back to")) }
            })
            .await
    }

    /// Changes the number of a service's tasks and waits until they run.
    ///
    /// The next applied plan sets it back to the project's number.
    ///
    /// # Errors
    /// The errors of [`apply`](Self::apply), and those of [`service`](Self::service).
    pub async fn scale(&self, service: &str, tasks: u64) -> Result<(), Failure> {
        let there = self.service(service)?;
        let Some(service) = self.stack.service(service) else { return Ok(()) };
        self.deployment
            .locked_on_swarm(async |_| {
                let update = there.update(move |spec| spec.replicas(tasks)).attempts(ATTEMPTS).await;
                update.map_err(|error| Failure::new(Step::Service, error.into()).at(&service.name))?;
                self.converge(&there, service).await
            })
            .await
    }

    /// Removes all services, networks, secrets and configs of the environment.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Remove`], or at [`Step::Lock`] if another deployer is at work.
    pub fn teardown(&self) -> SwarmTeardown {
        SwarmTeardown { deployment: self.clone(), volumes: false }
    }
}

/// Succeeds if the object is already gone.
fn gone(removed: Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.is_not_found() => Ok(()),
        done => done,
    }
}

/// Returns the service's specification with the IDs of its secrets and configs.
fn with_references(service: &StackService, observed: &Observed, release: &str) -> ServiceSpec {
    let mut spec = service.spec.clone();
    for secret in &service.secrets {
        let secret_name = secret.spec.name.clone();
        let secret_id = observed.secrets.get(&secret_name).cloned().unwrap_or_default();
        spec = spec.secret(SecretReference { secret_id, secret_name, file: Some(secret.file.clone()) });
    }
    for config in &service.configs {
        let config_name = config.spec.name.clone();
        let config_id = observed.configs.get(&config_name).cloned().unwrap_or_default();
        let file = Some(config.file.clone());
        spec = spec.config(ConfigReference { config_id, config_name, file, ..ConfigReference::default() });
    }
    spec.label(label::RELEASE, release)
}

/// Returns the specification for an update. Keeps the update counter and runtime of the existing service.
fn replaced(found: ServiceSpec, spec: &ServiceSpec) -> ServiceSpec {
    let mut spec = spec.clone();
    spec.task_template.force_update = found.task_template.force_update;
    spec.task_template.runtime = found.task_template.runtime;
    if let (Some(to), true) = (replicas(&spec), found.mode.is_some()) {
        spec = spec.replicas(to);
    }
    spec
}

/// A call of [`SwarmDeployment::teardown`].
#[derive(Clone, Debug)]
#[must_use = "nothing is removed until it is awaited"]
pub struct SwarmTeardown {
    deployment: SwarmDeployment,
    volumes: bool,
}

impl SwarmTeardown {
    /// Includes the volumes on this engine's node, with all their data. Defaults to `false`.
    pub fn volumes(mut self, remove: bool) -> Self {
        self.volumes = remove;
        self
    }
}

impl IntoFuture for SwarmTeardown {
    type Output = Result<(), Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // generates code only in crates that deploy
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { deployment, volumes } = self;
            let locked = deployment.deployment.clone();
            locked
                .locked_on_swarm(async |_| {
                    let done = deployment.remove_all(volumes).await;
                    done.map_err(|error| Failure::new(Step::Remove, error.into()))
                })
                .await
        })
    }
}

impl SwarmDeployment {
    async fn remove_all(&self, volumes: bool) -> Result<()> {
        let docker = &self.deployment.docker;
        let desired = &self.deployment.desired;
        let observed = Observed::read(docker, desired).await?;
        for name in observed.services.keys() {
            gone(docker.service(name).remove().await)?;
        }
        // Tasks end after their service is removed, and use networks, secrets and volumes until then.
        for name in &observed.networks {
            until_unused(|| docker.network(name).remove()).await?;
        }
        for _ in 0..LOOKS {
            if Observed::read(docker, desired).await?.networks.is_empty() {
                break;
            }
            sleep(PAUSE).await;
        }
        for name in observed.secrets.keys() {
            gone(docker.secret(name).remove().await)?;
        }
        for name in observed.configs.keys() {
            gone(docker.config(name).remove().await)?;
        }
        if volumes {
            let project = format!("{}={}", label::PROJECT, desired.project);
            let environment = format!("{}={}", label::ENVIRONMENT, desired.environment);
            for volume in docker.volumes().list().label(&project).label(&environment).await? {
                until_unused(|| docker.volume(&volume.name).remove()).await?;
            }
        }
        Ok(())
    }
}

/// Removes an object, and retries while it is in use.
async fn until_unused<C>(remove: impl Fn() -> C) -> Result<()>
where
    C: IntoFuture<Output = Result<()>>,
{
    for _ in 0..LOOKS {
        match gone(remove().await) {
            Err(error) if error.is_in_use() => sleep(PAUSE).await,
            done => return done,
        }
    }
    gone(remove().await)
}
