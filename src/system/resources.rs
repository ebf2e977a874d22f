//! Devices and resources that containers can be given.

use crate::wire::null_to_default;
use serde::{Deserialize, Serialize};

/// A device that a driver has found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeviceInfo {
    /// The driver that found it, such as `cdi`.
    pub source: String,
    /// Its name with that driver, such as `vendor.com/gpu=0`.
    #[serde(rename = "ID")]
    pub id: String,
}

/// A resource that the operator has declared: one of the two is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GenericResource {
    /// One that has a name: `GPU=UUID1`.
    pub named_resource_spec: Option<NamedResource>,
    /// One that is counted: `SSD=3`.
    pub discrete_resource_spec: Option<DiscreteResource>,
}

/// A resource that has a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NamedResource {
    /// What it is, such as `GPU`.
    pub kind: String,
    /// Which one it is.
    pub value: String,
}

/// A resource that is counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DiscreteResource {
    /// What it is, such as `SSD`.
    pub kind: String,
    /// How many there are.
    #[serde(deserialize_with = "null_to_default")]
    pub value: i64,
}
