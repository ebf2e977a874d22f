//! [`NodeSpec`]: the part of a node that can be updated.

use crate::wire::{Map, is_default, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The role of a node in its swarm.
    pub enum NodeRole {
        /// The node runs tasks.
        Worker = "worker",
        /// The node also takes part in managing the swarm.
        Manager = "manager",
    }
}

open_enum! {
    /// The availability of a node for tasks.
    pub enum NodeAvailability {
        /// The node receives tasks.
        Active = "active",
        /// The node receives no new tasks. Its current tasks keep running.
        Pause = "pause",
        /// The node receives no tasks. Its current tasks move to other nodes.
        Drain = "drain",
    }
}

/// The part of a node that can be updated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct NodeSpec {
    /// A name in addition to the host name. Empty if there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The labels, for use in placement constraints.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The role.
    #[serde(skip_serializing_if = "is_default")]
    pub role: NodeRole,
    /// The availability for tasks.
    #[serde(skip_serializing_if = "is_default")]
    pub availability: NodeAvailability,
}

impl NodeSpec {
    /// Sets a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key, value.into());
        self
    }

    /// Sets the role: [`NodeRole::Manager`] promotes a worker, [`NodeRole::Worker`] demotes a manager.
    pub fn role(mut self, role: impl Into<NodeRole>) -> Self {
        self.role = role.into();
        self
    }

    /// Sets the availability for tasks.
    pub fn availability(mut self, availability: impl Into<NodeAvailability>) -> Self {
        self.availability = availability.into();
        self
    }
}
