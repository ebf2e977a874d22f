//! `GET /tasks`

use super::{TaskInspect, TaskState, Tasks};
use crate::request::{Method, Request, call, list};

impl Tasks {
    /// Lists the tasks of the swarm, including a number of ended ones for each slot.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /tasks?filters={"node":{"build-7":true},"service":{"web":true}}"#,
    /// #      r#"200 [{"ID":"9ld7","Slot":1,"Status":{"State":"running"}}]"#),
    /// # ]);
    /// for task in docker.tasks().list().service("web").node("build-7").await? {
    ///     println!("{} {}", task.id, task.status.state);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /tasks`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the [`service`](List::service) to filter by does not
    /// exist. [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/tasks", &[]))
    }
}

/// A call of [`Tasks::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Filters by desired state: running, shutdown or accepted. If called more than once, any of them may match.
    pub fn desired_state(self, state: impl Into<TaskState>) -> Self {
        Self(self.0.filter("desired-state", state.into()))
    }

    /// Filters by ID, given as a prefix. If called more than once, any of them may match.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", id.as_ref()))
    }

    /// Filters by label of the service, given as `key` or `key=value`. If called more than once, every label must
    /// match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by name, given as a prefix. If called more than once, any of them may match.
    pub fn name(self, name: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", name.as_ref()))
    }

    /// Filters by node, given by ID or host name. If called more than once, any of them may match.
    pub fn node(self, node: impl AsRef<str>) -> Self {
        Self(self.0.filter("node", node.as_ref()))
    }

    /// Filters by service, given by ID or name. If called more than once, any of them may match.
    pub fn service(self, service: impl AsRef<str>) -> Self {
        Self(self.0.filter("service", service.as_ref()))
    }

    /// Filters for tasks of their service's current specification. Engines support this filter for the docker CLI, but
    /// do not document it. There is none for outdated tasks.
    pub fn up_to_date(self) -> Self {
        Self(self.0.filter("_up-to-date", true))
    }
}

call!(List => Vec<TaskInspect>, list);
