//! Cluster volumes: the volumes of a swarm, as reported by the engine.

use super::{ClusterVolumeSpec, Topology};
use crate::system::ObjectVersion;
use crate::wire::{Map, Timestamp, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A cluster volume: a volume of a swarm, provided by a CSI plugin. Since API 1.42.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterVolume {
    /// The volume's ID in the swarm.
    #[serde(rename = "ID")]
    pub id: String,
    /// The version of this object.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// The time of the last update.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// The specification.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: ClusterVolumeSpec,
    /// Details from the CSI plugin; `None` until there are any.
    pub info: Option<ClusterVolumeInfo>,
    /// The state on each node that uses the volume.
    #[serde(deserialize_with = "null_to_empty")]
    pub publish_status: Vec<PublishStatus>,
}

/// Details of a cluster volume from its CSI plugin.
///
/// The context is private to the plugin and may hold secrets, so `Debug` shows only its keys.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterVolumeInfo {
    /// The capacity in bytes; 0 if unknown.
    #[serde(deserialize_with = "null_to_default")]
    pub capacity_bytes: i64,
    /// The plugin's context of the volume.
    pub volume_context: Map<String>,
    /// The plugin's ID of the volume. Empty until the plugin has created the volume.
    #[serde(rename = "VolumeID")]
    pub volume_id: String,
    /// The topologies that the volume is accessible from.
    #[serde(deserialize_with = "null_to_empty")]
    pub accessible_topology: Vec<Topology>,
}

impl fmt::Debug for ClusterVolumeInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context: Vec<_> = self.volume_context.keys().collect();
        f.debug_struct("ClusterVolumeInfo")
            .field("capacity_bytes", &self.capacity_bytes)
            .field("volume_context", &context)
            .field("volume_id", &self.volume_id)
            .field("accessible_topology", &self.accessible_topology)
            .finish()
    }
}

open_enum! {
    /// The state of a cluster volume on a node.
    pub enum PublishState {
        /// Waiting for the plugin to publish the volume to the node.
        PendingPublish = "pending-publish",
        /// Published to the node.
        Published = "published",
        /// Waiting for the node to release the volume.
        PendingNodeUnpublish = "pending-node-unpublish",
        /// The node has released the volume. Waiting for the plugin's controller to do so.
        PendingControllerUnpublish = "pending-controller-unpublish",
    }
}

/// The use of a cluster volume on one node.
///
/// The context is private to the plugin and may hold secrets, so `Debug` shows only its keys.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PublishStatus {
    /// The node's ID.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// The state of the volume on the node.
    pub state: PublishState,
    /// The plugin's context of the publication.
    pub publish_context: Map<String>,
}

impl fmt::Debug for PublishStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context: Vec<_> = self.publish_context.keys().collect();
        f.debug_struct("PublishStatus")
            .field("node_id", &self.node_id)
            .field("state", &self.state)
            .field("publish_context", &context)
            .finish()
    }
}
