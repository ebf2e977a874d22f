//! [`ClusterVolumeSpec`]: the configuration of a cluster volume.
//!
//! The API's reference nests four fields of [`ClusterVolumeSpec`] in its access mode, by a slip of indentation. Engines
//! read and write them at the top level. [`AccessMode`] has them as well, so that decoding and encoding loses nothing.

use crate::wire::{Map, is_default, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// The configuration of a cluster volume: a volume of a swarm. Requires API 1.42 or later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ClusterVolumeSpec {
    /// The group. Volumes of one group are interchangeable for services that ask for the group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The access mode: how tasks use the volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_mode: Option<AccessMode>,
    /// The secrets passed to the CSI plugin.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub secrets: Vec<ClusterVolumeSecret>,
    /// The topologies that the volume must be accessible from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility_requirements: Option<AccessibilityRequirements>,
    /// The required capacity. Defaults to the plugin's choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity_range: Option<CapacityRange>,
    /// The availability to tasks. Defaults to `active`.
    #[serde(skip_serializing_if = "is_default")]
    pub availability: Availability,
}

open_enum! {
    /// The number of nodes that can use a volume at the same time.
    pub enum AccessScope {
        /// One node.
        Single = "single",
        /// As many nodes as the plugin supports.
        Multi = "multi",
    }
}

open_enum! {
    /// The number of tasks that can use a volume at the same time.
    pub enum Sharing {
        /// One task.
        None = "none",
        /// Any number of tasks, all of them read-only.
        ReadOnly = "readonly",
        /// Any number of tasks, one of which can write.
        OneWriter = "onewriter",
        /// Any number of tasks, all of which can read and write.
        All = "all",
    }
}

open_enum! {
    /// The availability of a volume to tasks.
    pub enum Availability {
        /// Tasks can use the volume.
        Active = "active",
        /// Running tasks keep the volume. No new tasks that use it are scheduled.
        Pause = "pause",
        /// Tasks that use the volume are rescheduled elsewhere. No new tasks that use it are scheduled.
        Drain = "drain",
    }
}

/// The access mode of a volume: either a filesystem or a block device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AccessMode {
    /// The number of nodes that can use the volume at the same time. Defaults to one.
    #[serde(skip_serializing_if = "is_default")]
    pub scope: AccessScope,
    /// The number of tasks that can use the volume at the same time. Defaults to one.
    #[serde(skip_serializing_if = "is_default")]
    pub sharing: Sharing,
    /// Options of a volume that is mounted as a filesystem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount_volume: Option<MountVolume>,
    /// Options of a volume that is used as a block device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_volume: Option<BlockVolume>,
    /// The place of [`ClusterVolumeSpec::secrets`] in the API's reference. Engines ignore it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub secrets: Vec<ClusterVolumeSecret>,
    /// The place of [`ClusterVolumeSpec::accessibility_requirements`] in the API's reference. Engines ignore it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility_requirements: Option<AccessibilityRequirements>,
    /// The place of [`ClusterVolumeSpec::capacity_range`] in the API's reference. Engines ignore it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity_range: Option<CapacityRange>,
    /// The place of [`ClusterVolumeSpec::availability`] in the API's reference. Engines ignore it.
    #[serde(skip_serializing_if = "is_default")]
    pub availability: Availability,
}

/// Options of a volume that is mounted as a filesystem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MountVolume {
    /// The filesystem type.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fs_type: String,
    /// The mount flags.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub mount_flags: Vec<String>,
}

/// Options of a volume that is used as a block device. There are none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockVolume {}

/// A secret passed to a CSI plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ClusterVolumeSecret {
    /// The key under which the plugin receives the secret.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The name or ID of the swarm secret that holds the value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
}

/// The topologies that a volume must be accessible from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AccessibilityRequirements {
    /// The required topologies. The volume must be accessible from at least one of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub requisite: Vec<Topology>,
    /// The preferred topologies, tried first and in this order.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub preferred: Vec<Topology>,
}

/// A topology: a location in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Topology {
    /// The segments by domain, such as `zone` and `Z1`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub segments: Map<String>,
}

/// The capacity required of a volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CapacityRange {
    /// The minimum capacity in bytes. Default: 0, no minimum.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub required_bytes: i64,
    /// The maximum capacity in bytes. Default: 0, no maximum.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub limit_bytes: i64,
}

impl From<&ClusterVolumeSpec> for ClusterVolumeSpec {
    fn from(spec: &ClusterVolumeSpec) -> Self {
        spec.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::ClusterVolumeSpec;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn keeps_what_is_said_where_engines_have_it_and_where_the_reference_has_it() {
        let more = json!({
            "Secrets": [{"Key": "k", "Secret": "s"}], "CapacityRange": {"RequiredBytes": 1, "LimitBytes": 2},
            "AccessibilityRequirements": {"Requisite": [{"Segments": {"zone": "Z1"}}]}, "Availability": "drain",
        });
        let mut inside = json!({"Scope": "multi", "Sharing": "all", "BlockVolume": {}});
        inside.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let mut spec = more;
        spec["Group"] = "g".into();
        spec["AccessMode"] = inside;
        let read: ClusterVolumeSpec = from_value(spec.clone()).expect("a specification");
        assert_eq!(to_value(&read).expect("JSON"), spec);
    }
}
