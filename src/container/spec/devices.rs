//! Devices and limits of a container: [`DeviceMapping`], [`DeviceRequest`], [`ThrottleDevice`], [`WeightDevice`], [`Ulimit`].

use crate::Map;
use crate::wire::{is_default, null_to_empty, null_to_empty_in_list};
use serde::{Deserialize, Serialize};

/// A device of the host that a container gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DeviceMapping {
    /// Its path on the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path_on_host: String,
    /// Its path in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path_in_container: String,
    /// What may be done: `r`ead, `w`rite, `m`knod.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_permissions: String,
}

impl DeviceMapping {
    /// A device with all permissions.
    #[must_use]
    pub fn new(path_on_host: impl Into<String>, path_in_container: impl Into<String>) -> Self {
        Self {
            path_on_host: path_on_host.into(),
            path_in_container: path_in_container.into(),
            cgroup_permissions: "rwm".to_owned(),
        }
    }
}

/// Devices that a driver provides to a container, such as GPUs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DeviceRequest {
    /// The driver, such as `nvidia`; chosen by `capabilities` if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// How many; -1: all.
    #[serde(skip_serializing_if = "is_default")]
    pub count: i64,
    /// Which ones, instead of how many.
    #[serde(rename = "DeviceIDs", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_ids: Vec<String>,
    /// What the driver must be able to: all of one of the lists.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty_in_list")]
    pub capabilities: Vec<Vec<String>>,
    /// Options of the driver.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
}

impl DeviceRequest {
    /// That many GPUs; -1: all.
    ///
    /// ```
    /// # use longshore::container::DeviceRequest;
    /// let gpus = DeviceRequest::gpus(-1);
    /// assert_eq!(serde_json::to_string(&gpus)?, r#"{"Count":-1,"Capabilities":[["gpu"]]}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn gpus(count: i64) -> Self {
        Self { count, capabilities: vec![vec!["gpu".to_owned()]], ..Self::default() }
    }
}

/// How fast a container may use a block device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ThrottleDevice {
    /// The device's path on the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Bytes or operations in a second.
    #[serde(skip_serializing_if = "is_default")]
    pub rate: i64,
}

/// A container's share of a block device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct WeightDevice {
    /// The device's path on the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The share: 10 to 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub weight: i64,
}

/// A limit of each process in a container, as `ulimit` sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Ulimit {
    /// Its name, such as `nofile`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The limit that holds; -1: none.
    #[serde(skip_serializing_if = "is_default")]
    pub soft: i64,
    /// How far the process may raise it; -1: as it likes.
    #[serde(skip_serializing_if = "is_default")]
    pub hard: i64,
}
