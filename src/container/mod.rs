//! Containers.

mod answer;
mod signal;
mod spec;
mod timeout;

pub use answer::{
    Address, ContainerInspect, ContainerState, ContainerStatus, ContainerSummary, DriverData, Health, HealthStatus,
    HealthSummary, HealthcheckResult, MountPoint, NetworkSettings, PortSummary, RootFsStorage, Snapshot, Storage,
    SummaryHostConfig, SummaryNetworkSettings,
};
pub use signal::Signal;
pub use spec::{
    BindOptions, CgroupnsMode, ContainerConfig, ContainerSpec, DeviceMapping, DeviceRequest, Env, GIB, Healthcheck,
    HostConfig, ImageOptions, Isolation, KIB, LogConfig, MIB, Mount, MountType, NetworkingConfig, ParsePortError, Port,
    PortBinding, PortMap, Propagation, Protocol, RestartMode, RestartPolicy, ThrottleDevice, TmpfsOptions, Ulimit,
    VolumeDriver, VolumeOptions, WeightDevice,
};
