//! What swarms say of their volumes.

use super::{ClusterVolumeSpec, Topology};
use crate::system::ObjectVersion;
use crate::wire::{self, Map, Timestamp, open_enum};
use std::fmt;

/// A volume of a swarm, which a CSI plugin provides. Since API 1.42.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ClusterVolume {
    /// Its id in the swarm.
    pub id: String,
    /// Which version of it this is.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// What was asked for.
    pub spec: ClusterVolumeSpec,
    /// What the plugin made of it.
    pub info: Option<ClusterVolumeInfo>,
    /// Where it is in use.
    pub publish_status: Vec<PublishStatus>,
}

wire::object! {
    ClusterVolume {
        "ID" => id,
        "Version" => version,
        "CreatedAt" => created_at,
        "UpdatedAt" => updated_at,
        "Spec" => spec,
        "Info" => info,
        "PublishStatus" => publish_status,
    }
}

/// What a CSI plugin says of a volume.
///
/// The context is the plugin's own and may be secret, so `Debug` shows its keys alone.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ClusterVolumeInfo {
    /// How many bytes it holds; 0 if that is not known.
    pub capacity_bytes: i64,
    /// What the plugin noted.
    pub volume_context: Map<String>,
    /// The plugin's id of it; empty as long as the plugin has not made it.
    pub volume_id: String,
    /// Where it can be reached from.
    pub accessible_topology: Vec<Topology>,
}

wire::object! {
    ClusterVolumeInfo {
        "CapacityBytes" => capacity_bytes,
        "VolumeContext" => volume_context,
        "VolumeID" => volume_id,
        "AccessibleTopology" => accessible_topology,
    }
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
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct PublishStatus {
    /// The node.
    pub node_id: String,
    /// How far it has come.
    pub state: PublishState,
    /// What the plugin noted.
    pub publish_context: Map<String>,
}

wire::object! {
    PublishStatus {
        "NodeID" => node_id,
        "State" => state,
        "PublishContext" => publish_context,
    }
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
