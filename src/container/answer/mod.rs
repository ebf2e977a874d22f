//! What the engine says about containers.

mod health;
mod inspect;
mod mount_point;
mod network_settings;
mod path_stat;
mod state;
mod storage;
mod summary;

pub use health::{Health, HealthStatus, HealthSummary, HealthcheckResult};
pub use inspect::ContainerInspect;
pub use mount_point::MountPoint;
pub use network_settings::{Address, NetworkSettings};
pub use path_stat::PathStat;
pub use state::{ContainerState, ContainerStatus};
pub use storage::{DriverData, RootFsStorage, Snapshot, Storage};
pub use summary::{ContainerSummary, PortSummary, SummaryHostConfig, SummaryNetworkSettings};
