//! [`Placement`]: the placement of tasks on nodes.

use crate::node::NodePlatform;
use crate::wire::{is_default, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The placement of a service's tasks on nodes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Placement {
    /// The constraints. A node must meet all of them: `node.role==manager`, `node.labels.disk!=hdd`,
    /// `node.hostname==build-7`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub constraints: Vec<String>,
    /// The preferences for spreading tasks, from the most important one.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub preferences: Vec<PlacementPreference>,
    /// The maximum number of tasks on one node. Default: 0, no limit.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub max_replicas: u64,
    /// The platforms of the image. Nodes with other platforms receive no tasks.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub platforms: Vec<NodePlatform>,
}

/// A preference for spreading a service's tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PlacementPreference {
    /// Spreads tasks over the values of a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<SpreadOver>,
}

/// A label over whose values tasks are spread evenly.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SpreadOver {
    /// The label, such as `node.labels.zone` or `engine.labels.zone`.
    pub spread_descriptor: String,
}
