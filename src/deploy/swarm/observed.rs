//! The observed state on a swarm, read with one list per kind of object.

use crate::config::ConfigSpec;
use crate::deploy::apply::LEASE;
use crate::deploy::plan::{Desired, label};
use crate::network::NetworkScope;
use crate::service::{ServiceInspect, ServiceSpec};
use crate::task::{TaskInspect, TaskState};
use crate::{Docker, Result};
use std::collections::{BTreeMap, BTreeSet};

/// The observed state of a project in an environment on a swarm, by name.
#[derive(Clone, Default)]
pub(super) struct Observed {
    pub(super) services: BTreeMap<String, ServiceInspect>,
    pub(super) networks: BTreeSet<String>,
    /// The IDs, by name.
    pub(super) secrets: BTreeMap<String, String>,
    pub(super) configs: BTreeMap<String, String>,
    /// The locks of deployers.
    pub(super) locks: Vec<ConfigSpec>,
    /// The unfinished jobs that have a task which runs or is about to.
    pub(super) at_work: BTreeSet<String>,
}

impl Observed {
    pub(super) async fn read(docker: &Docker, desired: &Desired) -> Result<Self> {
        let [project, environment] = desired.filters();
        let services = docker.services().list().status(true).label(&project).label(&environment).await?;
        // Networks of a deployment on this engine alone have the same names and labels.
        let networks = docker.networks().list().label(&project).label(&environment).await?.into_iter();
        let networks = networks.filter(|network| network.scope == NetworkScope::Swarm);
        let secrets = docker.secrets().list().label(&project).label(&environment).await?;
        let configs = docker.configs().list().label(&project).label(&environment).await?;
        let (locks, configs): (Vec<_>, Vec<_>) =
            configs.into_iter().partition(|config| config.spec.labels.contains_key(LEASE));
        let mut at_work = BTreeSet::new();
        for job in services.iter().filter(|service| is_unfinished_job(service)) {
            let tasks = docker.tasks().list().service(&job.id).await?;
            let is_wanted = |state: &TaskState| !state.is_over() || *state == TaskState::Complete;
            let is_at_work = |task: &TaskInspect| is_wanted(&task.desired_state) && !task.status.state.is_over();
            if tasks.iter().any(is_at_work) {
                at_work.insert(job.spec.name.clone());
            }
        }
        Ok(Self {
            at_work,
            services: services.into_iter().map(|service| (service.spec.name.clone(), service)).collect(),
            networks: networks.map(|network| network.name).collect(),
            secrets: secrets.into_iter().map(|secret| (secret.spec.name, secret.id)).collect(),
            configs: configs.into_iter().map(|config| (config.spec.name, config.id)).collect(),
            locks: locks.into_iter().map(|lock| lock.spec).collect(),
        })
    }
}

/// Returns whether a job has not completed all its tasks, as far as the engine tells.
pub(super) fn is_unfinished_job(service: &ServiceInspect) -> bool {
    let job = service.spec.mode.as_ref().and_then(|mode| mode.replicated_job.as_ref());
    let (Some(job), Some(status)) = (job, &service.service_status) else { return false };
    status.completed_tasks < job.total_completions.or(job.max_concurrent).unwrap_or(1)
}

/// Returns the digest of a service's configuration.
pub(super) fn digest(spec: &ServiceSpec) -> &str {
    spec.labels.get(label::DIGEST).map(String::as_str).unwrap_or_default()
}
