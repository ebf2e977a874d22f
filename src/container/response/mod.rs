//! The response types of container calls.

mod change;
mod health;
mod inspect;
mod mount_point;
mod network_settings;
mod path_stat;
mod processes;
mod state;
mod stats;
mod storage;
mod summary;

pub use change::{ChangeKind, FilesystemChange};
pub use health::{Health, HealthStatus, HealthSummary, HealthcheckResult};
pub use inspect::ContainerInspect;
pub use mount_point::MountPoint;
pub use network_settings::{Address, NetworkSettings};
pub use path_stat::PathStat;
pub use processes::Processes;
pub use state::{ContainerState, ContainerStatus};
pub use stats::{
    BlkioEntry, BlkioStats, ContainerStats, CpuStats, CpuUsage, MemoryStats, NetworkStats, PidsStats, StatsSummary,
    StorageStats, ThrottlingData,
};
pub use storage::{DriverData, RootFsStorage, Snapshot, Storage};
pub use summary::{ContainerSummary, PortSummary, SummaryHostConfig, SummaryNetworkSettings};
