//! The response of `GET /volumes/{name}`.

use super::ClusterVolume;
use crate::wire::{Map, Timestamp, go_time, null_to_default, open_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

open_enum! {
    /// The scope of a volume.
    pub enum VolumeScope {
        /// The volume exists on this engine.
        Local = "local",
        /// The volume exists in the whole cluster.
        Global = "global",
    }
}

/// A volume.
///
/// Options may hold secrets (`o=username=…,password=…`), so `Debug` shows only their names.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumeInspect {
    /// The volume's name.
    pub name: String,
    /// The driver, such as `local`.
    pub driver: String,
    /// The path on the host.
    pub mountpoint: String,
    /// The time of creation; `None` if the driver does not report it.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// Status details in the driver's own format.
    pub status: Map<Value>,
    /// The labels.
    pub labels: Map<String>,
    /// The scope.
    pub scope: VolumeScope,
    /// Details of a cluster volume. Since API 1.42.
    pub cluster_volume: Option<ClusterVolume>,
    /// The driver options that the volume was created with.
    pub options: Map<String>,
    /// The disk usage. Only [`Docker::disk_usage`](crate::Docker::disk_usage) provides it.
    pub usage_data: Option<VolumeUsage>,
}

impl fmt::Debug for VolumeInspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.options.keys().collect();
        f.debug_struct("VolumeInspect")
            .field("name", &self.name)
            .field("driver", &self.driver)
            .field("mountpoint", &self.mountpoint)
            .field("created_at", &self.created_at)
            .field("status", &self.status)
            .field("labels", &self.labels)
            .field("scope", &self.scope)
            .field("cluster_volume", &self.cluster_volume)
            .field("options", &options)
            .field("usage_data", &self.usage_data)
            .finish()
    }
}

/// The disk usage of a volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumeUsage {
    /// The size in bytes; -1 if the driver is not `local`.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// The number of containers that use the volume; -1 if unknown.
    #[serde(deserialize_with = "null_to_default")]
    pub ref_count: i64,
}

#[cfg(test)]
mod tests {
    use super::VolumeInspect;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn keeps_what_an_engine_says_and_hides_options() {
        let answer = json!({
            "Name": "tardis", "Driver": "custom", "Mountpoint": "/var/lib/docker/volumes/tardis",
            "CreatedAt": "2026-06-07T20:31:11Z", "Status": {"hello": "world", "depth": {"of": [1]}},
            "Labels": {"a": "b"}, "Scope": "local",
            "Options": {"device": "//nas/x", "o": "username=me,password=s3cret"},
            "UsageData": {"Size": -1, "RefCount": 2},
            "ClusterVolume": {
                "ID": "k67q", "Version": {"Index": 18_446_744_073_709_551_615_u64},
                "CreatedAt": "2026-06-07T20:31:11Z", "UpdatedAt": "2026-06-07T20:31:12.5Z",
                "Spec": {
                    "Group": "g", "Availability": "drain", "Secrets": [{"Key": "k", "Secret": "s"}],
                    "AccessMode": {"Scope": "multi", "Sharing": "onewriter", "MountVolume": {
                        "FsType": "ext4", "MountFlags": ["ro"]}},
                    "AccessibilityRequirements": {
                        "Requisite": [{"Segments": {"zone": "Z1"}}], "Preferred": [{"Segments": {"zone": "Z2"}}]},
                    "CapacityRange": {"RequiredBytes": 1, "LimitBytes": 2},
                },
                "Info": {"CapacityBytes": 3, "VolumeContext": {"c": "d"}, "VolumeID": "v",
                    "AccessibleTopology": [{"Segments": {"zone": "Z1"}}]},
                "PublishStatus": [{"NodeID": "n", "State": "published", "PublishContext": {"e": "f"}}],
            },
        });
        let volume: VolumeInspect = from_value(answer.clone()).expect("a volume");
        assert_eq!(to_value(&volume).expect("JSON"), answer);
        let shown = format!("{volume:?}");
        assert!(shown.contains(r#"options: ["device", "o"]"#) && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn bears_nulls() {
        let answer = r#"{"Name":"x","Labels":null,"Options":null,"Status":null,"CreatedAt":"","UsageData":null}"#;
        let volume: VolumeInspect = serde_json::from_str(answer).expect("a volume");
        assert!(volume.labels.is_empty() && volume.created_at.is_none());
    }
}
