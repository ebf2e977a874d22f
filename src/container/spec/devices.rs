//! Devices and limits of a container.

use crate::Map;
use crate::wire::{is_default, null_to_empty, null_to_empty_in_list};
use serde::{Deserialize, Serialize};

/// A device of the host, made available to a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DeviceMapping {
    /// The path on the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path_on_host: String,
    /// The path in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path_in_container: String,
    /// The permissions: any of `r` (read), `w` (write) and `m` (mknod).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_permissions: String,
}

impl DeviceMapping {
    /// Creates a mapping with all permissions.
    #[must_use]
    pub fn new(path_on_host: impl Into<String>, path_in_container: impl Into<String>) -> Self {
        Self {
            path_on_host: path_on_host.into(),
            path_in_container: path_in_container.into(),
            cgroup_permissions: "rwm".to_owned(),
        }
    }

    /// Sets the permissions: any of `r` (read), `w` (write) and `m` (mknod). Defaults to `rwm`.
    #[must_use]
    pub fn permissions(mut self, permissions: impl Into<String>) -> Self {
        self.cgroup_permissions = permissions.into();
        self
    }
}

/// A request for devices that a driver provides, such as GPUs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DeviceRequest {
    /// The driver, such as `nvidia`. If empty, `capabilities` selects one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// The number of devices; -1 for all.
    #[serde(skip_serializing_if = "is_default")]
    pub count: i64,
    /// The IDs of the devices, instead of `count`.
    #[serde(rename = "DeviceIDs", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub device_ids: Vec<String>,
    /// The capabilities that the driver must have: all of at least one list.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty_in_list")]
    pub capabilities: Vec<Vec<String>>,
    /// The driver's options.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String>,
}

impl DeviceRequest {
    /// Requests this many GPUs; -1 for all.
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

    /// Requests devices of the Container Device Interface (CDI) by their names, such as `vendor.com/gpu=0`.
    #[must_use]
    pub fn cdi<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let device_ids = names.into_iter().map(Into::into).collect();
        Self { driver: "cdi".to_owned(), device_ids, ..Self::default() }
    }
}

/// A rate limit for a block device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ThrottleDevice {
    /// The device's path on the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The limit, in bytes or operations per second.
    #[serde(skip_serializing_if = "is_default")]
    pub rate: u64,
}

/// A container's I/O weight for a block device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct WeightDevice {
    /// The device's path on the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The weight relative to other containers: 10 to 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub weight: i64,
}

/// A resource limit of each process in a container, as `ulimit` sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Ulimit {
    /// The name, such as `nofile`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The soft limit, which is enforced; -1 for none.
    #[serde(skip_serializing_if = "is_default")]
    pub soft: i64,
    /// The hard limit, up to which a process may raise the soft limit; -1 for none.
    #[serde(skip_serializing_if = "is_default")]
    pub hard: i64,
}

impl Ulimit {
    /// Creates a limit, such as of `nofile`. -1 means none.
    #[must_use]
    pub fn new(name: impl Into<String>, soft: i64, hard: i64) -> Self {
        Self { name: name.into(), soft, hard }
    }

    /// Adds the limit to others, in place of one of the same name.
    pub(crate) fn add_to(self, others: &mut Vec<Self>) {
        others.retain(|other| other.name != self.name);
        others.push(self);
    }
}
