//! `GET /exec/{id}/json`

use super::{Exec, ExecInspect};
use crate::request::{Method, Request, call, json};

impl Exec {
    /// Inspects the exec: its command, whether it is running, and its exit code.
    ///
    /// For a moment after the end of its output, the process may still be reported as running: see
    /// [`wait`](Self::wait).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /exec/fa51/json",
    /// #     r#"200 {"ID":"fa51","Running":false,"ExitCode":2,"ProcessConfig":{"entrypoint":"sh","arguments":["-c","exit 2"]}}"#,
    /// # )]);
    /// let exec = docker.exec("fa51").inspect().await?;
    /// if !exec.running {
    ///     println!("{} ended: {:?}", exec.process_config.entrypoint, exec.exit_code); // sh ended: Some(2)
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /exec/{id}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the exec does not exist, the engine has discarded it, or
    /// its container was removed.
    pub fn inspect(&self) -> Inspect {
        Inspect::of(self)
    }
}

/// A call of [`Exec::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

impl Inspect {
    pub(super) fn of(exec: &Exec) -> Self {
        Self(exec.request(Method::GET, "/exec/{id}/json"))
    }

    /// Refines the request, for an inspection that is part of another call.
    pub(super) fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self(set(self.0))
    }
}

call!(Inspect => ExecInspect, json);
