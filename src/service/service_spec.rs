//! [`ServiceSpec`]: the configuration of a service.

use super::{EndpointSpec, GlobalJob, GlobalService, ReplicatedJob, ServiceMode, UpdateConfig};
use crate::task::{NetworkAttachmentConfig, TaskContainerSpec, TaskSpec};
use crate::wire::{Map, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// The configuration of a service.
///
/// There is a setter for each flag of `docker service create`. The fields hold everything else; those of the containers
/// are in [`container`](Self::container).
///
/// ```
/// use longshore::service::{FailureAction, ServiceSpec, UpdateConfig, UpdateOrder};
///
/// let web = ServiceSpec::new("web", "registry.example.com/shop:1.4")
///     .replicas(3)
///     .env("MODE", "prod")
///     .ports("80:8080")
///     .memory("512m")
///     .constraint("node.labels.disk==ssd")
///     .update_config(UpdateConfig::new().order(UpdateOrder::StartFirst).failure_action(FailureAction::Rollback));
/// assert_eq!(web.name, "web");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct ServiceSpec {
    /// The name: a DNS label of up to 63 letters, digits and hyphens. It cannot be changed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The labels of the service. Its containers have labels of their own.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The template of its tasks.
    #[serde(deserialize_with = "null_to_default")]
    pub task_template: TaskSpec,
    /// The mode: the number of tasks, and whether they run to completion. Defaults to one task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ServiceMode>,
    /// The settings of rolling updates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_config: Option<UpdateConfig>,
    /// The settings of rollbacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback_config: Option<UpdateConfig>,
    /// The networks, in the deprecated place for old engines. Use [`TaskSpec::networks`] instead.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub networks: Vec<NetworkAttachmentConfig>,
    /// The endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_spec: Option<EndpointSpec>,
    /// Errors of setters whose argument cannot be parsed, such as a size of `512q`. Creating or updating the service
    /// fails with the first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

impl ServiceSpec {
    /// Creates a specification from the service's name and image.
    pub fn new(name: impl Into<String>, image: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }.image(image)
    }

    /// Applies a parsed value, or records why parsing failed.
    pub(super) fn set<T, E: Display>(mut self, value: Result<T, E>, set: impl FnOnce(&mut Self, T)) -> Self {
        match value {
            Ok(value) => set(&mut self, value),
            Err(why) => self.invalid.push(why.to_string()),
        }
        self
    }

    /// Returns the container's part of the specification, to change it.
    pub fn container(&mut self) -> &mut TaskContainerSpec {
        self.task_template.container_spec.get_or_insert_default()
    }

    /// Sets the image.
    pub fn image(mut self, image: impl Into<String>) -> Self {
        self.container().image = image.into();
        self
    }

    /// Sets a label of the service.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key, value.into());
        self
    }

    /// Sets labels of the service.
    pub fn labels<K: Into<String>, V: Into<String>>(self, labels: impl IntoIterator<Item = (K, V)>) -> Self {
        labels.into_iter().fold(self, |spec, (key, value)| spec.label(key, value))
    }

    /// Sets the number of tasks. Defaults to 1.
    pub fn replicas(mut self, replicas: u64) -> Self {
        self.mode = Some(ServiceMode::replicated(replicas));
        self
    }

    /// Runs one task on each node.
    pub fn global(mut self) -> Self {
        self.mode = Some(ServiceMode { global: Some(GlobalService {}), ..ServiceMode::default() });
        self
    }

    /// Makes the service a job with this total number of tasks, of which at most `max_concurrent` run at the same time.
    pub fn job(mut self, total_completions: u64, max_concurrent: u64) -> Self {
        let (total_completions, max_concurrent) = (Some(total_completions), Some(max_concurrent));
        let job = ReplicatedJob { max_concurrent, total_completions };
        self.mode = Some(ServiceMode { replicated_job: Some(job), ..ServiceMode::default() });
        self
    }

    /// Makes the service a job that runs one task on each node.
    pub fn global_job(mut self) -> Self {
        self.mode = Some(ServiceMode { global_job: Some(GlobalJob {}), ..ServiceMode::default() });
        self
    }

    /// Connects the tasks to a network, given by name or ID. With aliases or options of the driver, use a
    /// [`NetworkAttachmentConfig`].
    pub fn network(mut self, network: impl Into<NetworkAttachmentConfig>) -> Self {
        self.task_template.networks.push(network.into());
        self
    }

    /// Sets how updates replace tasks. Defaults to one at a time, stopping the old task first.
    pub fn update_config(mut self, config: UpdateConfig) -> Self {
        self.update_config = Some(config);
        self
    }

    /// Sets how rollbacks replace tasks. Defaults to one at a time, stopping the old task first.
    pub fn rollback_config(mut self, config: UpdateConfig) -> Self {
        self.rollback_config = Some(config);
        self
    }

    /// Replaces all tasks on update, even if nothing else has changed.
    pub fn force_update(mut self) -> Self {
        self.task_template.force_update = self.task_template.force_update.wrapping_add(1);
        self
    }
}

impl From<&ServiceSpec> for ServiceSpec {
    fn from(spec: &ServiceSpec) -> Self {
        spec.clone()
    }
}
