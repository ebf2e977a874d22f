//! `GET /tasks/{id}`

use super::{Task, TaskInspect};
use crate::request::{Request, call, json};

impl Task {
    /// Inspects the task.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /tasks/9ld7", r#"200 {"ID":"9ld7","Status":{"State":"rejected","Err":"No such image: web:2"}}"#),
    /// # ]);
    /// let task = docker.task("9ld7").inspect().await?;
    /// println!("{}: {:?}", task.status.state, task.status.error);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /tasks/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the task does not exist.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.get("/tasks/{id}"))
    }
}

/// A call of [`Task::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => TaskInspect, json);
