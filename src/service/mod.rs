//! Services run tasks on the nodes of a swarm, and keep them running.
//!
//! [`Docker::services`] lists and creates services. [`Docker::service`] inspects, updates, rolls back and removes one,
//! reads its logs, and [waits](Service::converge) for its tasks.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /services/create {"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"nginx:1.27"}},"Mode":{"Replicated":{"Replicas":3}},"EndpointSpec":{"Ports":[{"TargetPort":80,"PublishedPort":8080}]}}"#,
//! #      r#"201 {"ID":"cxze","Warnings":null}"#),
//! #     ("GET /services/cxze", r#"200 {"ID":"cxze","Version":{"Index":27},"Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}}}}"#),
//! #     (r#"POST /services/cxze/update?version=27 {"Mode":{"Replicated":{"Replicas":5}},"Name":"web"}"#, r#"200 {"Warnings":null}"#),
//! #     ("DELETE /services/cxze", "200"),
//! # ]);
//! use longshore::service::ServiceSpec;
//!
//! let spec = ServiceSpec::new("web", "nginx:1.27").replicas(3).publish(8080, 80);
//! let web = docker.services().create(spec).resolve_image(false).await?;
//! web.update(|spec| spec.replicas(5)).await?;
//! web.remove().await?;
//! # Ok(()) }
//! ```

mod check;
mod converge;
mod create;
mod endpoint_spec;
mod host;
mod inspect;
mod list;
mod logs;
mod look;
mod mode;
mod ports;
mod process;
mod remove;
mod resolve;
mod resources;
mod service_inspect;
mod service_spec;
mod update;
mod update_config;

pub use crate::task::Logs;
pub use converge::{Converge, Convergence};
pub use create::Create;
pub use endpoint_spec::{EndpointSpec, ResolutionMode};
pub use inspect::Inspect;
pub use list::List;
pub use mode::{GlobalJob, GlobalService, ReplicatedJob, ReplicatedService, ServiceMode, ServiceModeKind};
pub use remove::Remove;
pub use service_inspect::{
    JobStatus, ServiceEndpoint, ServiceInspect, ServiceStatus, UpdateState, UpdateStatus, VirtualIp,
};
pub use service_spec::ServiceSpec;
pub use update::{RegistryAuthFrom, Update, UpdateResult};
pub use update_config::{FailureAction, UpdateConfig, UpdateOrder};

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the services of the engine's swarm, which lists and creates them. This performs no I/O.
    #[must_use]
    pub fn services(&self) -> Services {
        Services { client: self.client().clone() }
    }

    /// Returns a handle to one service, given by ID, an unambiguous ID prefix, or name. This performs no I/O. The first
    /// call fails if it does not exist.
    #[must_use]
    pub fn service(&self, name_or_id: impl Into<String>) -> Service {
        Service { client: self.client().clone(), id: name_or_id.into(), warnings: Vec::new() }
    }
}

/// A handle to the services of a swarm; see [`Docker::services`].
#[derive(Clone, Debug)]
pub struct Services {
    client: Arc<Client>,
}

/// A handle to one service of a swarm, whether it exists or not. Cheap to clone. See [`Docker::service`].
#[derive(Clone, Debug)]
pub struct Service {
    client: Arc<Client>,
    id: String,
    warnings: Vec<String>,
}

impl Service {
    /// Returns the service's ID if [`Services::create`] returned this handle. Otherwise returns the ID or name that the
    /// handle was made from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the warnings on creation, from the engine or because the image could not be resolved to a digest.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
