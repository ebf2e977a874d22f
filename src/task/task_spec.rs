//! [`TaskSpec`]: the template of a service's tasks.

use super::{Placement, TaskContainerSpec, TaskRestartPolicy};
use crate::node::Resources;
use crate::plugin::PluginPrivilege;
use crate::system::TaskLogDriver;
use crate::wire::{Map, is_default, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The template of a service's tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskSpec {
    /// A plugin in place of a container. Requires an engine with experimental features.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin_spec: Option<PluginSpec>,
    /// The container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_spec: Option<TaskContainerSpec>,
    /// A standalone container on an overlay network. Engines create such tasks on their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_attachment_spec: Option<NetworkAttachmentSpec>,
    /// The resource limits and reservations of each task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<TaskResources>,
    /// The restart policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<TaskRestartPolicy>,
    /// The placement on nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// A counter that makes an update replace all tasks when it changes, even if nothing else has.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub force_update: u64,
    /// The runtime: `container`, `plugin` or `attachment`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// The networks.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub networks: Vec<NetworkAttachmentConfig>,
    /// The log driver. Defaults to that of the swarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_driver: Option<TaskLogDriver>,
}

/// A plugin that a service installs on nodes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PluginSpec {
    /// The local name of the plugin.
    pub name: String,
    /// The plugin's reference in its registry.
    pub remote: String,
    /// Whether the plugin is installed without being enabled.
    pub disabled: bool,
    /// The granted privileges.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub plugin_privilege: Vec<PluginPrivilege>,
}

/// A standalone container on an overlay network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkAttachmentSpec {
    /// The container's ID.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
}

/// The resource limits and reservations of each task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskResources {
    /// The limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<ResourceLimits>,
    /// The resources that a node must have available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservations: Option<Resources>,
    /// The amount of swap in bytes, if memory is limited; -1 for no limit. Defaults to twice the memory limit. Requires
    /// API 1.52 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_bytes: Option<i64>,
    /// The tendency to swap out memory, from 0 to 100; -1 unsets a previous value. Requires API 1.52 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<i64>,
}

/// The resource limits of each task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ResourceLimits {
    /// The CPU time, in billionths of a CPU. Default: 0, no limit.
    #[serde(rename = "NanoCPUs", skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub nano_cpus: i64,
    /// The memory in bytes. Default: 0, no limit.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub memory_bytes: i64,
    /// The number of processes. Default: 0, no limit.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub pids: i64,
}

/// The connection of tasks to a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkAttachmentConfig {
    /// The network's name or ID. Responses contain the ID.
    pub target: String,
    /// The DNS aliases, in addition to the service's name.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub aliases: Vec<String>,
    /// The options of the network driver.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub driver_opts: Map<String>,
}

impl NetworkAttachmentConfig {
    /// Connects to a network, given by name or ID.
    pub fn new(network: impl Into<String>) -> Self {
        Self { target: network.into(), ..Self::default() }
    }

    /// Adds a DNS alias, in addition to the service's name.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Sets an option of the network driver.
    #[must_use]
    pub fn driver_opt(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.driver_opts.insert(key, value.into());
        self
    }
}

impl From<&str> for NetworkAttachmentConfig {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for NetworkAttachmentConfig {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}
