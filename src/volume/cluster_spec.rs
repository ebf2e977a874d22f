//! What can be asked of the volumes of a swarm.
//!
//! The API's reference has four fields of [`ClusterVolumeSpec`] inside of its access mode, by a slip of indentation.
//! They are where engines write and read them, and in [`AccessMode`] as well, so that nothing of a document is lost.

use crate::wire::{Map, is_default, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// What is asked of a volume of a swarm. Since API 1.42.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ClusterVolumeSpec {
    /// A group whose volumes are as good as each other for a service.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// How tasks use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_mode: Option<AccessMode>,
    /// The secrets that the plugin is given.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub secrets: Vec<ClusterVolumeSecret>,
    /// Where it must be reachable from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility_requirements: Option<AccessibilityRequirements>,
    /// How large it must be; the plugin decides if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity_range: Option<CapacityRange>,
    /// Whether tasks may use it; `active` if not set.
    #[serde(skip_serializing_if = "is_default")]
    pub availability: Availability,
}

open_enum! {
    /// How many nodes may use a volume at a time.
    pub enum AccessScope {
        /// One.
        Single = "single",
        /// As many as the plugin can serve.
        Multi = "multi",
    }
}

open_enum! {
    /// How many tasks may use a volume at a time.
    pub enum Sharing {
        /// One.
        None = "none",
        /// Any number, all of them reading.
        ReadOnly = "readonly",
        /// Any number, one of them writing.
        OneWriter = "onewriter",
        /// Any number, reading and writing.
        All = "all",
    }
}

open_enum! {
    /// Whether tasks may use a volume.
    pub enum Availability {
        /// They may.
        Active = "active",
        /// Those that do go on; no new ones may.
        Pause = "pause",
        /// Those that do are moved elsewhere; no new ones may.
        Drain = "drain",
    }
}

/// How tasks use a volume: as a filesystem or as a device, one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AccessMode {
    /// How many nodes may use it at a time; one if not set.
    #[serde(skip_serializing_if = "is_default")]
    pub scope: AccessScope,
    /// How many tasks may use it at a time; one if not set.
    #[serde(skip_serializing_if = "is_default")]
    pub sharing: Sharing,
    /// It is mounted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount_volume: Option<MountVolume>,
    /// It is a block device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_volume: Option<BlockVolume>,
    /// Where the API's reference has [`ClusterVolumeSpec::secrets`]; engines ignore it here.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub secrets: Vec<ClusterVolumeSecret>,
    /// Where the API's reference has [`ClusterVolumeSpec::accessibility_requirements`]; engines ignore it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility_requirements: Option<AccessibilityRequirements>,
    /// Where the API's reference has [`ClusterVolumeSpec::capacity_range`]; engines ignore it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity_range: Option<CapacityRange>,
    /// Where the API's reference has [`ClusterVolumeSpec::availability`]; engines ignore it here.
    #[serde(skip_serializing_if = "is_default")]
    pub availability: Availability,
}

/// How a volume is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MountVolume {
    /// The filesystem.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fs_type: String,
    /// The flags of the mount.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub mount_flags: Vec<String>,
}

/// That a volume is a block device; there is nothing to say about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockVolume {}

/// A secret that a plugin is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ClusterVolumeSecret {
    /// What the plugin calls it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The name or id of the swarm's secret; not what is in it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
}

/// Where a volume must be reachable from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AccessibilityRequirements {
    /// One of these it must be reachable from.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub requisite: Vec<Topology>,
    /// These are tried first, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub preferred: Vec<Topology>,
}

/// A place in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Topology {
    /// Its segments by their domains, such as `zone` and `Z1`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub segments: Map<String>,
}

/// How large a volume must be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CapacityRange {
    /// At least so many bytes; any number if 0.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub required_bytes: i64,
    /// At most so many bytes; any number if 0.
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
