//! Devices and limits of a container: [`DeviceMapping`], [`DeviceRequest`], [`ThrottleDevice`], [`WeightDevice`], [`Ulimit`].

use crate::Map;
use crate::wire;

/// A device of the host that a container gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceMapping {
    /// Its path on the host.
    pub path_on_host: String,
    /// Its path in the container.
    pub path_in_container: String,
    /// What may be done: `r`ead, `w`rite, `m`knod.
    pub cgroup_permissions: String,
}

wire::object! {
    DeviceMapping {
        "PathOnHost" => path_on_host omit,
        "PathInContainer" => path_in_container omit,
        "CgroupPermissions" => cgroup_permissions omit,
    }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceRequest {
    /// The driver, such as `nvidia`; chosen by `capabilities` if empty.
    pub driver: String,
    /// How many; -1: all.
    pub count: i64,
    /// Which ones, instead of how many.
    pub device_ids: Vec<String>,
    /// What the driver must be able to: all of one of the lists.
    pub capabilities: Vec<Vec<String>>,
    /// Options of the driver.
    pub options: Map<String>,
}

wire::object! {
    DeviceRequest {
        "Driver" => driver omit,
        "Count" => count omit,
        "DeviceIDs" => device_ids omit,
        "Capabilities" => capabilities omit,
        "Options" => options omit,
    }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThrottleDevice {
    /// The device's path on the host.
    pub path: String,
    /// Bytes or operations in a second.
    pub rate: i64,
}

wire::object! {
    ThrottleDevice {
        "Path" => path omit,
        "Rate" => rate omit,
    }
}

/// A container's share of a block device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeightDevice {
    /// The device's path on the host.
    pub path: String,
    /// The share: 10 to 1000.
    pub weight: i64,
}

wire::object! {
    WeightDevice {
        "Path" => path omit,
        "Weight" => weight omit,
    }
}

/// A limit of each process in a container, as `ulimit` sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ulimit {
    /// Its name, such as `nofile`.
    pub name: String,
    /// The limit that holds; -1: none.
    pub soft: i64,
    /// How far the process may raise it; -1: as it likes.
    pub hard: i64,
}

wire::object! {
    Ulimit {
        "Name" => name omit,
        "Soft" => soft omit,
        "Hard" => hard omit,
    }
}
