//! Deploys the services of a plan on a swarm, each until it has converged.

use super::SwarmDeployment;
use super::apply::{ATTEMPTS, PAUSE, REMOVAL_LIMIT};
use super::observed::Observed;
use super::plan::{SwarmChange, is_back, is_recreated};
use super::specs::StackService;
use crate::deploy::apply::{Lock, all_done, check_each_second};
use crate::deploy::attempt::gone;
use crate::deploy::deployment::Deployment;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Cause, Concerning, Failure, Step};
use crate::deploy::plan::{credentials, label};
use crate::service::{Service, ServiceMode, ServiceSpec};
use crate::stream::Line;
use crate::task::{ConfigReference, SecretReference, TaskState};
use crate::{Credentials, Docker, Error, ErrorKind, Result, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// The most time for nodes to pull an image, and for an update that fails to be rolled back, in addition to the deadlines of the
/// containers.
const PULLS: Duration = Duration::from_secs(5 * 60);
/// The time after which a node kills a container that it stops, if the service sets none.
const GRACE: Duration = Duration::from_secs(10);
/// The time for which an engine monitors each task, if the service sets none.
const MONITOR: Duration = Duration::from_secs(5);

/// Number of log lines that a failure keeps.
const LAST_LINES: usize = 20;
/// Limit of reading them, which may be on a node that does not respond.
const LOGS: Duration = Duration::from_secs(10);

/// The first API with which a node creates missing folders of the host.
pub(super) const CREATES_FOLDERS: Version = Version::new(1, 42);

/// What the services of a plan have in common while they are deployed.
pub(super) struct Rollout {
    pub(super) deployment: SwarmDeployment,
    pub(super) changes: Vec<SwarmChange>,
    pub(super) observed: Observed,
    pub(super) release: String,
    /// The end of the lease, if it has one.
    pub(super) end: Option<Instant>,
    pub(super) api_version: Version,
}

impl Rollout {
    pub(super) async fn new(
        deployment: &SwarmDeployment,
        changes: &[SwarmChange],
        observed: Observed,
        lock: &Lock,
    ) -> Result<Self, Failure> {
        Ok(Self {
            deployment: deployment.clone(),
            changes: changes.to_vec(),
            observed,
            release: lock.release.clone(),
            end: lock.end,
            api_version: deployment.deployment.docker.api_version().await.at_step(Step::Observe)?,
        })
    }

    /// Deploys services in parallel. Returns the first failure with the others attached.
    pub(super) async fn services(self: &Arc<Self>, services: &[&StackService]) -> Result<(), Failure> {
        let mut tasks = JoinSet::new();
        for service in services {
            let is_its = |change: &&SwarmChange| match change {
                SwarmChange::Create { service: name }
                | SwarmChange::Update { service: name, .. }
                | SwarmChange::Scale { service: name, .. }
                | SwarmChange::Converge { service: name } => *name == service.name,
                _ => false,
            };
            let Some(change) = self.changes.iter().find(is_its).cloned() else { continue };
            let (this, name) = (self.clone(), service.name.clone());
            tasks.spawn(async move {
                let Some(service) = this.deployment.stack.service(&name) else { return Ok(()) };
                this.service(service, &change).await
            });
        }
        all_done(tasks).await
    }

    /// Makes the change of a service and waits until it has converged.
    pub(super) async fn service(&self, service: &StackService, change: &SwarmChange) -> Result<(), Failure> {
        let mut tasks = service.tasks();
        let mut allow_rollback = false;
        match change {
            // The desired version is the one that the swarm went back to.
            SwarmChange::Converge { .. } => {
                allow_rollback = self.observed.services.get(&service.spec.name).is_some_and(is_back);
            }
            SwarmChange::Scale { to, .. } => {
                let to = *to;
                tasks = to;
                let there = self.deployment.deployment.docker.service(&service.spec.name);
                let release = self.release.clone();
                let scaled = move |found: ServiceSpec| found.replicas(to).label(label::RELEASE, &release);
                let update = there.update(scaled).attempts(ATTEMPTS);
                update.await.at_step(Step::Service).at(&service.name)?;
            }
            _ => {
                self.before(service).await.at(&service.name)?;
                self.write(service).await.at_step(Step::Service).at(&service.name)?;
            }
        }
        self.deployment.converge(service, tasks, allow_rollback).await
    }

    /// Creates or updates the service. Creates it anew if its mode changes.
    async fn write(&self, service: &StackService) -> Result<(), Cause> {
        let docker = &self.deployment.deployment.docker;
        let there = docker.service(&service.spec.name);
        let spec = self.spec(service);
        let found = self.observed.services.get(&service.spec.name);
        if found.is_some_and(|found| !is_recreated(&found.spec, &spec)) {
            let update = there.update(move |found| replaced(&found, &spec)).attempts(ATTEMPTS);
            let update = match &service.credentials {
                Some(credentials) => update.credentials(credentials),
                None => update.registry_auth(true),
            };
            let updated = update.await?;
            self.deployment.tell_warnings(service, updated.warnings());
            return Ok(());
        }
        if found.is_some() {
            remove(&there, REMOVAL_LIMIT).await?;
        }
        let created = self.create(&spec, service.credentials.as_ref()).await?;
        self.deployment.tell_warnings(service, created.warnings());
        Ok(())
    }

    async fn create(&self, spec: &ServiceSpec, credentials: Option<&Credentials>) -> Result<Service, Cause> {
        let create = self.deployment.deployment.docker.services().create(spec);
        let created = match credentials {
            Some(credentials) => create.credentials(credentials).await,
            None => create.registry_auth(true).await,
        };
        created.map_err(|error| {
            if error.is_conflict() { Cause::Stranger(format!("the service {}", spec.name)) } else { error.into() }
        })
    }

    /// Runs the `before` container to completion, as a job of the swarm. Waits for it until the lease is over.
    async fn before(&self, service: &StackService) -> Result<(), Failure> {
        let Some(spec) = &service.before else { return Ok(()) };
        let Deployment { docker, desired, .. } = &self.deployment.deployment;
        // Of this environment, but not of the project: left by a deployment that was killed.
        if self.observed.services.contains_key(&spec.name) {
            remove(&docker.service(&spec.name), REMOVAL_LIMIT).await.at_step(Step::Before)?;
        }
        // Those of the service must not reach the registry of another image.
        let image = spec.task_template.container_spec.as_ref().map(|container| container.image.as_str());
        let credentials = credentials(desired, image.unwrap_or_default());
        let job = self.create(&self.with_secrets(spec, service), credentials).await.at_step(Step::Before)?;
        self.deployment.tell_warnings(service, job.warnings());
        let left = self.end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
        let done = self.deployment.explained(job.converge().deadline(left).await, Step::Before, job.id()).await;
        let removed = gone(job.remove().await).at_step(Step::Before);
        done.and(removed)
    }

    /// Returns the service's specification to send.
    pub(super) fn spec(&self, service: &StackService) -> ServiceSpec {
        let mut spec = self.with_secrets(&service.spec, service);
        for config in &service.configs {
            let config_name = config.spec.name.clone();
            let config_id = self.observed.configs.get(&config_name).cloned().unwrap_or_default();
            let file = Some(config.file.clone());
            spec = spec.config(ConfigReference { config_id, config_name, file, ..ConfigReference::default() });
        }
        let is_job = spec.mode.as_ref().is_some_and(ServiceMode::is_job);
        if let (Some(check), false) = (&mut spec.container().health_check, is_job) {
            let is_off = check.test.first().is_some_and(|word| word == "NONE");
            if self.api_version >= Version::new(1, 44) && !is_off {
                check_each_second(check, service.deadline);
            }
        }
        spec.label(label::RELEASE, &self.release)
    }

    /// Adds references to the service's secrets, with their IDs. Leaves out what the engine's API lacks, as the notes say.
    pub(super) fn with_secrets(&self, spec: &ServiceSpec, service: &StackService) -> ServiceSpec {
        let secrets = service.secrets.iter().map(|secret| {
            let secret_name = secret.spec.name.clone();
            let secret_id = self.observed.secrets.get(&secret_name).cloned().unwrap_or_default();
            SecretReference { secret_id, secret_name, file: Some(secret.file.clone()) }
        });
        let mut spec = secrets.fold(spec.clone(), ServiceSpec::secret);
        if self.api_version < CREATES_FOLDERS {
            for options in spec.container().mounts.iter_mut().filter_map(|mount| mount.bind_options.as_mut()) {
                options.create_mountpoint = false;
            }
        }
        spec
    }
}

impl SwarmDeployment {
    fn tell_warnings(&self, service: &StackService, warnings: &[String]) {
        if !warnings.is_empty() {
            let (service, warnings) = (service.name.clone(), warnings.to_vec());
            self.deployment.tell(None, &Event::Warned { service, warnings });
        }
    }

    /// Waits until a service has converged on this number of tasks.
    pub(super) async fn converge(
        &self,
        service: &StackService,
        tasks: u64,
        allow_rollback: bool,
    ) -> Result<(), Failure> {
        self.deployment.tell(None, &Event::Converging { service: service.name.clone(), progress: None });
        let (this, name) = (self.deployment.clone(), service.name.clone());
        let there = self.deployment.docker.service(&service.spec.name);
        let converge = there.converge().deadline(deadline(service, tasks)).extend_by(PULLS);
        let converge = converge.allow_rollback(allow_rollback).observe(move |progress| {
            let progress = Some(Box::new(progress.clone()));
            this.tell(None, &Event::Converging { service: name.clone(), progress });
        });
        self.explained(converge.await, Step::Converge, &service.spec.name).await.at(&service.name)?;
        self.deployment.tell(None, &Event::Converged { service: service.name.clone() });
        Ok(())
    }

    /// Adds the last lines of a task's log to the failure of a service that has not converged.
    pub(super) async fn explained(&self, converged: Result<()>, step: Step, service: &str) -> Result<(), Failure> {
        let Err(error) = converged else { return Ok(()) };
        // Unreadable logs must not hide the original failure.
        let logs = timeout(LOGS, last_lines(&self.deployment.docker, service)).await;
        Err(Failure::new(step, error.into()).with_logs(logs.ok().and_then(Result::ok).unwrap_or_default()))
    }
}

/// Returns how long a service may take to converge. An update replaces one task after another, and may stop the old one first. The
/// engine monitors the last one before the update is completed, and `converge` monitors all of them after that.
pub(super) fn deadline(service: &StackService, tasks: u64) -> Duration {
    let monitor = service.spec.update_config.as_ref().and_then(|config| config.monitor).unwrap_or(MONITOR);
    let container = service.spec.task_template.container_spec.as_ref();
    let stop = container.and_then(|container| container.stop_grace_period).unwrap_or(GRACE);
    let tasks = u32::try_from(tasks.max(1)).unwrap_or(u32::MAX);
    service.deadline.saturating_add(stop).saturating_mul(tasks).saturating_add(monitor.saturating_mul(2))
}

/// Returns the last log lines of the task that ended last, or else is starting. A task that was rejected never ran.
async fn last_lines(docker: &Docker, service: &str) -> Result<Vec<Line>> {
    let is_suspect = |state: &TaskState| {
        matches!(state, TaskState::Starting | TaskState::Complete | TaskState::Failed | TaskState::Rejected)
    };
    let tasks = docker.tasks().list().service(service).await?.into_iter();
    let last = tasks.filter(|task| is_suspect(&task.status.state)).max_by_key(|task| task.status.timestamp);
    let Some(task) = last.filter(|task| task.status.state != TaskState::Rejected) else { return Ok(Vec::new()) };
    let mut output = docker.task(&task.id).logs().tail(LAST_LINES).await?.lines();
    let mut lines = Vec::new();
    while let Some(line) = output.next().await {
        lines.push(line?);
    }
    // The engine counts entries of the log, and a long entry may hold several lines.
    lines.drain(..lines.len().saturating_sub(LAST_LINES));
    Ok(lines)
}

/// Removes a service and waits until its name is free.
pub(super) async fn remove(there: &Service, limit: Duration) -> Result<()> {
    gone(there.remove().await)?;
    let begun = Instant::now();
    loop {
        match there.inspect().await {
            Err(error) if error.is_not_found() => return Ok(()),
            found => drop(found?),
        }
        if begun.elapsed() >= limit {
            let name = there.id();
            let why = format!(
                "the service {name} was removed, but its name is still taken after {limit:?}: apply again later"
            );
            return Err(Error::new(ErrorKind::Timeout, why));
        }
        sleep(PAUSE).await;
    }
}

/// Returns the specification for an update. Keeps the update counter and runtime of the existing service.
fn replaced(found: &ServiceSpec, spec: &ServiceSpec) -> ServiceSpec {
    let mut spec = spec.clone();
    spec.task_template.force_update = found.task_template.force_update;
    spec.task_template.runtime.clone_from(&found.task_template.runtime);
    spec
}
