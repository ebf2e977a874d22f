//! The engine itself: its state, events, disk usage and registry logins.
//!
//! [`Docker::ping`](crate::Docker::ping) checks that it responds. [`Docker::version`](crate::Docker::version) and
//! [`Docker::info`](crate::Docker::info) describe it. [`Docker::events`](crate::Docker::events) streams its events.
//! [`Docker::disk_usage`](crate::Docker::disk_usage) measures its disk usage. [`Docker::login`](crate::Docker::login)
//! checks credentials for a registry.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("HEAD /_ping", "200"),
//! #     ("GET /version", r#"200 {"Version":"29.6.0","ApiVersion":"1.55"}"#),
//! #     ("GET /info", r#"200 {"NCPU":8,"MemTotal":33567113216,"CgroupVersion":"2"}"#),
//! #     ("GET /system/df", r#"200 {"ImageUsage":{"ActiveCount":2,"TotalCount":9,"Reclaimable":81920,"TotalSize":90112}}"#),
//! #     (r#"GET /events?until=1800000000.000000000&filters={"type":{"container":true}}"#,
//! #      r#"200 {"Type":"container","Action":"die","Actor":{"ID":"3613","Attributes":{"name":"job","exitCode":"0"}}}"#),
//! # ]);
//! use longshore::Timestamp;
//! use longshore::system::{ActionKind, CgroupVersion, EventType};
//!
//! docker.ping().await?;
//! assert_eq!(docker.version().await?.version, "29.6.0");
//! assert_eq!(docker.info().await?.cgroup_version, CgroupVersion::V2);
//!
//! let images = docker.disk_usage().await?.images;
//! println!("{} images take {} bytes, {} reclaimable", images.total_count, images.total_size, images.reclaimable);
//! # assert_eq!(images.reclaimable, 81920);
//!
//! let until = "2027-01-15T08:00:00Z".parse::<Timestamp>().expect("a time");
//! let mut events = docker.events().kind(EventType::Container).until(until).await?;
//! while let Some(event) = events.next().await {
//!     let event = event?;
//!     if event.action.kind == ActionKind::Die {
//!         println!("{} ended with {}", event.actor.attributes["name"], event.actor.attributes["exitCode"]);
//! #       assert_eq!(event.actor.attributes["exitCode"], "0");
//!     }
//! }
//! # Ok(()) }
//! ```

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
mod session;
mod swarm;
mod swarm_spec;
mod system_info;
mod usage;
mod version;

pub use crate::wire::BuilderVersion;
pub use disk_usage::{DiskUsage, DiskUsageType};
pub use engine_version::{Component, EnginePlatform, EngineVersion};
pub use environment::{
    AddressPool, Commit, ContainerdInfo, ContainerdNamespaces, FirewallInfo, NriInfo, PluginsInfo, Runtime,
};
pub use event::{Action, ActionKind, Actor, Event, EventScope, EventType};
pub use events::Events;
pub use info::Info;
pub use login::{AuthResponse, Login};
pub use logout::Logout;
pub use ping::{Ping, PingResponse, SwarmStatus};
pub use reconnecting::{Happening, ReconnectingEvents};
pub use registry::{IndexInfo, RegistryServiceConfig};
pub use resources::{DeviceInfo, DiscreteResource, GenericResource, NamedResource};
pub use session::Session;
pub use swarm::{ClusterInfo, LocalNodeState, ObjectVersion, PeerNode, SwarmInfo, TlsInfo};
pub use swarm_spec::{
    CaConfig, DispatcherConfig, EncryptionConfig, ExternalCa, ExternalCaProtocol, OrchestrationConfig, RaftConfig,
    SwarmSpec, TaskDefaults, TaskLogDriver,
};
pub use system_info::{CgroupDriver, CgroupVersion, DefaultIsolation, SystemInfo};
pub use usage::{BuildCache, BuildCacheType, DiskUsageReport, Usage};
pub use version::ServerVersion;
