//! Devices and resources that containers can be given.

use crate::wire;

/// A device that a driver has found.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DeviceInfo {
    /// The driver that found it, such as `cdi`.
    pub source: String,
    /// Its name with that driver, such as `vendor.com/gpu=0`.
    pub id: String,
}

wire::object! {
    DeviceInfo {
        "Source" => source,
        "ID" => id,
    }
}

/// A resource that the operator has declared: one of the two is there.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GenericResource {
    /// One that has a name: `GPU=UUID1`.
    pub named_resource_spec: Option<NamedResource>,
    /// One that is counted: `SSD=3`.
    pub discrete_resource_spec: Option<DiscreteResource>,
}

wire::object! {
    GenericResource {
        "NamedResourceSpec" => named_resource_spec,
        "DiscreteResourceSpec" => discrete_resource_spec,
    }
}

/// A resource that has a name.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NamedResource {
    /// What it is, such as `GPU`.
    pub kind: String,
    /// Which one it is.
    pub value: String,
}

wire::object! {
    NamedResource {
        "Kind" => kind,
        "Value" => value,
    }
}

/// A resource that is counted.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DiscreteResource {
    /// What it is, such as `SSD`.
    pub kind: String,
    /// How many there are.
    pub value: i64,
}

wire::object! {
    DiscreteResource {
        "Kind" => kind,
        "Value" => value,
    }
}
