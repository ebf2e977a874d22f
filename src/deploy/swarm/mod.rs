//! [`SwarmDeployment`]: a project in an environment, on a swarm.

mod apply;
mod container;
mod drift;
mod given;
mod limits;
mod logs;
mod observed;
mod plan;
mod rollback;
mod rollout;
mod specs;
mod teardown;
#[cfg(all(test, feature = "testing"))]
mod tests;

pub use logs::SwarmLogs;
pub use plan::{SwarmChange, SwarmPlan};
pub use teardown::SwarmTeardown;

use super::deployment::Deployment;
use super::failure::{AtStep, Failure, Step};
use crate::service::{Service, UpdateState};
use observed::Observed;
use serde::{Deserialize, Serialize};
use specs::Stack;
use std::fmt;
use std::sync::Arc;

/// A project in an environment, on the swarm that the engine manages, from [`Deployment::on_swarm`].
///
/// - A service becomes a swarm service called `PROJECT-ENVIRONMENT-SERVICE`. Others find it by its name in the project.
/// - A network becomes an overlay network.
/// - A secret becomes a swarm secret in the file `/run/secrets/NAME`. The variable `NAME_FILE` holds this path.
/// - A file becomes a config.
/// - A service that [runs once](super::Ready::exited) becomes a job.
///
/// The swarm rolls back a version that fails.
///
/// ```no_run
/// use longshore::deploy::{Project, Ready, Service};
///
/// # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
/// let shop = Project::new("shop").service("web", Service::new("registry.example.com/shop:1.4").replicas(3));
/// let prod = shop.deployment("prod", &docker)?.on_swarm()?;
/// println!("{}", prod.plan().await?); // also lists what the swarm does differently
/// prod.apply().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is deployed until a plan is applied"]
pub struct SwarmDeployment {
    deployment: Deployment,
    stack: Arc<Stack>,
}

impl Deployment {
    /// Returns the same deployment on the swarm that the engine manages. Sends no request.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`] if a service needs what a swarm does not support, such as host devices or a build.
    #[inline] // generates code only in crates that deploy
    pub fn on_swarm(&self) -> Result<SwarmDeployment, Failure> {
        let mut stack = Stack::new(&self.desired).map_err(Failure::refused)?;
        if self.on_ready.is_some() {
            stack.notes.push("the hook `on_ready` does not run on a swarm".to_owned());
        }
        Ok(SwarmDeployment { deployment: self.clone(), stack: Arc::new(stack) })
    }
}

impl SwarmDeployment {
    /// Compares the project with what exists on the swarm. Sends only reads: lists of services, networks, secrets and configs,
    /// and of the tasks of unfinished jobs.
    ///
    /// The changes undo what others have changed of a service since, such as its image with `docker service update`.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`]. Its error is [`is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine
    /// does not manage a swarm.
    pub async fn plan(&self) -> Result<SwarmPlan, Failure> {
        let observed = self.observed().await?;
        let changes = plan::changes(&self.stack, &observed);
        let mut notes = self.stack.notes.clone();
        if self.deployment.docker.api_version().await.at_step(Step::Observe)? < rollout::CREATES_FOLDERS {
            notes.extend(self.stack.folders());
        }
        let has_left_lock = self.has_left_lock(&observed);
        Ok(SwarmPlan { deployment: self.clone(), changes, notes, has_left_lock })
    }

    fn has_left_lock(&self, observed: &Observed) -> bool {
        let place = self.deployment.lock_place_on_swarm();
        observed.locks.iter().any(|lock| place.is_left(&lock.name, &lock.labels))
    }

    async fn observed(&self) -> Result<Observed, Failure> {
        Observed::read(&self.deployment.docker, &self.deployment.desired).await.at_step(Step::Observe)
    }

    /// Returns the status of each service.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`].
    pub async fn status(&self) -> Result<Vec<SwarmServiceStatus>, Failure> {
        let observed = self.observed().await?;
        let services = self.stack.services.iter().map(|service| {
            let status = SwarmServiceStatus { service: service.name.clone(), ..SwarmServiceStatus::default() };
            let Some(found) = observed.services.get(&service.spec.name) else { return status };
            let counts = found.service_status.clone().unwrap_or_default();
            let is_job = plan::is_job(found);
            let container = found.spec.task_template.container_spec.as_ref();
            SwarmServiceStatus {
                running: counts.running_tasks,
                wanted: counts.desired_tasks,
                completed: is_job.then_some(counts.completed_tasks),
                // That of a job never ends.
                update: found.update_status.as_ref().filter(|_| !is_job).map(|status| status.state.clone()),
                image: container.map(|container| container.image.clone()).unwrap_or_default(),
                is_current: plan::differs(service, found).is_empty(),
                is_there: true,
                ..status
            }
        });
        Ok(services.collect())
    }

    /// Returns a handle of a service on the swarm, for all service operations. Sends no request.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`] if the project has no such service.
    pub fn service(&self, service: &str) -> Result<Service, Failure> {
        let known = self.stack.service(service);
        let known = known.ok_or_else(|| self.deployment.desired.lacks(service))?;
        Ok(self.deployment.docker.service(&known.spec.name))
    }
}

impl fmt::Debug for SwarmDeployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SwarmDeployment").field(&self.deployment).finish()
    }
}

/// The status of a service on a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct SwarmServiceStatus {
    /// The service's name in the project.
    pub service: String,
    /// Whether the service exists.
    pub is_there: bool,
    /// Number of running tasks. During an update, old tasks are included. So are tasks on nodes that are down, of which the swarm
    /// does not know whether they run, together with those that replace them: there may be more than wanted.
    pub running: u64,
    /// Number of tasks that should run, or complete.
    pub wanted: u64,
    /// Number of completed tasks of a service that [runs once](super::Ready::exited). `None` for others.
    pub completed: Option<u64>,
    /// The state of the last update. `None` if the service was never updated, or runs once.
    pub update: Option<UpdateState>,
    /// The image of the service. Empty if the service does not exist.
    pub image: String,
    /// Whether the service has the configuration that the project has now. `false` also if others have changed it.
    pub is_current: bool,
}

impl fmt::Display for SwarmServiceStatus {
    /// `web  3 of 3 (completed)`, or `migrate  1 of 1 completed` for a service that runs once
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_there {
            return write!(f, "{}  not there", self.service);
        }
        match self.completed {
            Some(completed) => write!(f, "{}  {completed} of {} completed", self.service, self.wanted)?,
            None => write!(f, "{}  {} of {}", self.service, self.running, self.wanted)?,
        }
        if let Some(update) = &self.update {
            write!(f, " ({update})")?;
        }
        if self.is_current { Ok(()) } else { f.write_str("  (of another version)") }
    }
}
