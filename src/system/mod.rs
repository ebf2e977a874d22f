//! The engine itself: whether it answers, what it is, what it runs on.

mod disk_usage;
mod disk_usage_legacy;
mod engine_version;
mod environment;
mod event;
mod events;
mod info;
mod login;
mod logout;
mod ping;
mod reconnecting;
mod registry;
mod resources;
mod swarm;
mod swarm_spec;
mod system_info;
mod usage;
mod version;

pub use disk_usage::{DiskUsageCall, DiskUsageType};
pub use engine_version::{Component, EnginePlatform, EngineVersion};
pub use environment::{
    AddressPool, Commit, ContainerdInfo, ContainerdNamespaces, FirewallInfo, NriInfo, PluginsInfo, Runtime,
};
pub use event::{Action, ActionKind, Actor, Event, EventScope, EventType};
pub use events::Events;
pub use info::InfoCall;
pub use login::{AuthResponse, Login};
pub use ping::{Ping, PingCall, SwarmStatus};
pub use reconnecting::{Happening, ReconnectingEvents};
pub use registry::{IndexInfo, RegistryServiceConfig};
pub use resources::{DeviceInfo, DiscreteResource, GenericResource, NamedResource};
pub use swarm::{ClusterInfo, LocalNodeState, ObjectVersion, PeerNode, SwarmInfo, TlsInfo};
pub use swarm_spec::{
    CaConfig, DispatcherConfig, EncryptionConfig, ExternalCa, ExternalCaProtocol, OrchestrationConfig, RaftConfig,
    SwarmSpec, TaskDefaults, TaskLogDriver,
};
pub use system_info::{CgroupDriver, CgroupVersion, DefaultIsolation, SystemInfo};
pub use usage::{BuildCache, BuildCacheType, DiskUsage, Usage};
pub use version::VersionCall;
