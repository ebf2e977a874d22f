//! Devices and resources available to containers.

use crate::wire::null_to_default;
use serde::{Deserialize, Serialize};

/// A device found by a device driver.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeviceInfo {
    /// The device driver, such as `cdi`.
    pub source: String,
    /// The device's ID within the driver, such as `vendor.com/gpu=0`.
    #[serde(rename = "ID")]
    pub id: String,
}

/// A resource declared by the operator. Exactly one of the two fields is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GenericResource {
    /// A named resource, such as `GPU=UUID1`.
    pub named_resource_spec: Option<NamedResource>,
    /// A counted resource, such as `SSD=3`.
    pub discrete_resource_spec: Option<DiscreteResource>,
}

/// A named resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NamedResource {
    /// The kind of resource, such as `GPU`.
    pub kind: String,
    /// The name of this resource.
    pub value: String,
}

/// A counted resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DiscreteResource {
    /// The kind of resource, such as `SSD`.
    pub kind: String,
    /// The number available.
    #[serde(deserialize_with = "null_to_default")]
    pub value: i64,
}
