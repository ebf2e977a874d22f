//! Volumes keep data beyond the life of a container.
//!
//! [`Docker::volumes`] creates, lists and prunes volumes. [`Docker::volume`] inspects, updates and removes one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /volumes/create {"Name":"cache","Labels":{"app":"web"}}"#,
//! #      r#"201 {"Name":"cache","Driver":"local","Mountpoint":"/var/lib/docker/volumes/cache/_data"}"#),
//! #     (r#"GET /volumes?filters={"dangling":{"true":true},"label":{"app=web":true}}"#,
//! #      r#"200 {"Volumes":[{"Name":"cache"}],"Warnings":null}"#),
//! #     ("DELETE /volumes/cache", "204"),
//! #     ("POST /volumes/prune", r#"200 {"VolumesDeleted":["f4a1"],"SpaceReclaimed":4096}"#),
//! # ]);
//! use longshore::volume::VolumeSpec;
//!
//! let cache = docker.volumes().create(VolumeSpec::new("cache").label("app", "web")).await?;
//! assert_eq!(cache.name(), "cache");
//!
//! for unused in docker.volumes().list().dangling(true).label("app=web").await? {
//!     docker.volume(unused.name).remove().await?;
//! }
//! let freed = docker.volumes().prune().await?;
//! assert_eq!(freed.space_reclaimed, 4096); // bytes
//! # Ok(()) }
//! ```

mod cluster;
mod cluster_spec;
mod create;
mod inspect;
mod list;
mod name;
mod prune;
mod remove;
mod update;
mod volume_inspect;
mod volume_spec;

pub use cluster::{ClusterVolume, ClusterVolumeInfo, PublishState, PublishStatus};
pub use cluster_spec::{
    AccessMode, AccessScope, AccessibilityRequirements, Availability, BlockVolume, CapacityRange, ClusterVolumeSecret,
    ClusterVolumeSpec, MountVolume, Sharing, Topology,
};
pub use create::Create;
pub use inspect::Inspect;
pub use list::{List, VolumeList};
pub use prune::{Prune, PruneReport};
pub use remove::Remove;
pub use update::Update;
pub use volume_inspect::{VolumeInspect, VolumeScope, VolumeUsage};
pub use volume_spec::VolumeSpec;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the engine's volumes, which creates, lists and prunes them. This performs no I/O.
    #[must_use]
    pub fn volumes(&self) -> Volumes {
        Volumes { client: self.client().clone() }
    }

    /// Returns a handle to one volume, given by name. This performs no I/O. The first call fails if it does not exist.
    #[must_use]
    pub fn volume(&self, name: impl Into<String>) -> Volume {
        Volume { client: self.client().clone(), name: name.into() }
    }
}

/// A handle to the volumes of an engine; see [`Docker::volumes`].
#[derive(Clone, Debug)]
pub struct Volumes {
    client: Arc<Client>,
}

/// A handle to one volume of an engine, whether it exists or not. Cheap to clone. See [`Docker::volume`].
#[derive(Clone, Debug)]
pub struct Volume {
    client: Arc<Client>,
    name: String,
}

impl Volume {
    /// Returns the volume's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Begins a request about this volume.
    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.name])
    }
}
