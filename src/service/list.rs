//! `GET /services`

use super::{ServiceInspect, ServiceModeKind, Services};
use crate::request::{Method, Request, call, list};

impl Services {
    /// Lists the services of the swarm.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /services?status=true",
    /// #      r#"200 [{"ID":"cxze","Spec":{"Name":"web"},"ServiceStatus":{"RunningTasks":2,"DesiredTasks":3}}]"#),
    /// # ]);
    /// for service in docker.services().list().status(true).await? {
    ///     if let Some(status) = service.service_status {
    ///         println!("{}: {} of {} tasks", service.spec.name, status.running_tasks, status.desired_tasks);
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /services`
    ///
    /// # Errors
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/services", &[]))
    }
}

/// A call of [`Services::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Includes the task counts of each service: [`ServiceInspect::service_status`]. Defaults to `false`.
    pub fn status(self, status: bool) -> Self {
        Self(self.0.query("status", status))
    }

    /// Filters by ID, given as a prefix. If called more than once, any of them may match.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", id.as_ref()))
    }

    /// Filters by label, given as `key` or `key=value`. If called more than once, every label must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by mode. If called more than once, any of them may match.
    pub fn mode(self, mode: impl Into<ServiceModeKind>) -> Self {
        Self(self.0.filter("mode", mode.into()))
    }

    /// Filters by name, given as a prefix. If called more than once, any of them may match.
    pub fn name(self, name: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", name.as_ref()))
    }
}

call!(List => Vec<ServiceInspect>, list);
