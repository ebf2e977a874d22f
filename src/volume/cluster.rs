//! What swarms say of their volumes.

use super::{ClusterVolumeSpec, Topology};
use crate::system::ObjectVersion;
use crate::wire::{Map, Timestamp, go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A volume of a swarm, which a CSI plugin provides. Since API 1.42.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterVolume {
    /// Its id in the swarm.
    #[serde(rename = "ID")]
    pub id: String,
    /// Which version of it this is.
    #[serde(deserialize_with = "null_to_default")]
    pub version: ObjectVersion,
    /// When it was made.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(deserialize_with = "go_time")]
    pub updated_at: Option<Timestamp>,
    /// What was asked for.
    #[serde(deserialize_with = "null_to_default")]
    pub spec: ClusterVolumeSpec,
    /// What the plugin made of it.
    pub info: Option<ClusterVolumeInfo>,
    /// Where it is in use.
    #[serde(deserialize_with = "null_to_empty")]
    pub publish_status: Vec<PublishStatus>,
}

/// What a CSI plugin says of a volume.
///
/// The context is the plugin's own and may be secret, so `Debug` shows its keys alone.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterVolumeInfo {
    /// How many bytes it holds; 0 if that is not known.
    #[serde(deserialize_with = "null_to_default")]
    pub capacity_bytes: i64,
    /// What the plugin noted.
    pub volume_context: Map<String>,
    /// The plugin's id of it; empty as long as the plugin has not made it.
    #[serde(rename = "VolumeID")]
    pub volume_id: String,
    /// Where it can be reached from.
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
    /// How far a volume has come on its way to a node, or back.
    pub enum PublishState {
        /// The plugin is to publish it.
        PendingPublish = "pending-publish",
        /// It is published.
        Published = "published",
        /// The node is to let it go.
        PendingNodeUnpublish = "pending-node-unpublish",
        /// The node let it go, and the plugin is to unpublish it.
        PendingControllerUnpublish = "pending-controller-unpublish",
    }
}

/// The use of a volume on one node.
///
/// The context is the plugin's own and may be secret, so `Debug` shows its keys alone.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PublishStatus {
    /// The node.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// How far it has come.
    pub state: PublishState,
    /// What the plugin noted.
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
