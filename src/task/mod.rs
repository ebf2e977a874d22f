//! Tasks are the units of work of a swarm. Each is a container on a node.
//!
//! [`Docker::tasks`] lists tasks. [`Docker::task`] inspects one and reads its logs.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"GET /tasks?filters={"desired-state":{"running":true},"service":{"web":true}}"#,
//! #      r#"200 [{"ID":"9ld7","Slot":1,"NodeID":"peii","Status":{"State":"rejected","Err":"No such image: web:2"}}]"#),
//! # ]);
//! use longshore::task::TaskState;
//!
//! for task in docker.tasks().list().service("web").desired_state(TaskState::Running).await? {
//!     println!("{:?} on {:?}: {}", task.slot, task.node_id, task.status.state);
//!     if let Some(error) = task.status.error {
//!         println!("  {error}");
//!     }
//! }
//! # Ok(()) }
//! ```

mod container_spec;
mod inspect;
mod list;
mod logs;
mod placement;
mod privileges;
mod references;
mod restart_policy;
mod task_inspect;
mod task_spec;

pub use container_spec::{DnsConfig, TaskContainerSpec};
pub use inspect::Inspect;
pub use list::List;
pub use logs::Logs;
pub use placement::{Placement, PlacementPreference, SpreadOver};
pub use privileges::{
    AppArmor, AppArmorMode, CredentialSpec, ParseCredentialSpecError, Privileges, SeLinuxContext, Seccomp, SeccompMode,
};
pub(crate) use references::ReferenceCall;
pub use references::{ConfigReference, ReferenceFile, RuntimeTarget, SecretReference};
pub use restart_policy::{RestartCondition, TaskRestartPolicy};
pub use task_inspect::{
    AttachedNetwork, NetworkAttachment, PortConfig, PortStatus, PublishMode, TaskContainer, TaskInspect, TaskState,
    TaskStatus,
};
pub use task_spec::{
    NetworkAttachmentConfig, NetworkAttachmentSpec, PluginSpec, ResourceLimits, TaskResources, TaskSpec,
};

pub(crate) use logs::logs;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the tasks of the engine's swarm, which lists them. This performs no I/O.
    #[must_use]
    pub fn tasks(&self) -> Tasks {
        Tasks { client: self.client().clone() }
    }

    /// Returns a handle to one task, given by ID. This performs no I/O. The first call fails if it does not exist.
    #[must_use]
    pub fn task(&self, id: impl Into<String>) -> Task {
        Task { client: self.client().clone(), id: id.into() }
    }
}

/// A handle to the tasks of a swarm; see [`Docker::tasks`].
#[derive(Clone, Debug)]
pub struct Tasks {
    client: Arc<Client>,
}

/// A handle to one task of a swarm, whether it exists or not. Cheap to clone. See [`Docker::task`].
#[derive(Clone, Debug)]
pub struct Task {
    client: Arc<Client>,
    id: String,
}

impl Task {
    /// Returns the ID that the handle was made from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn get(&self, path: &'static str) -> Request {
        self.client.request(Method::GET, path, &[&self.id])
    }
}
