//! `GET /containers/{id}/top`

use super::{Container, Processes};
use crate::request::{Request, call, json};

impl Container {
    /// Lists the processes that run in the container, by `ps` of the engine's machine.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/top", r#"200 {"Titles":["PID","CMD"],"Processes":[["4711","nginx: master process"]]}"#),
    /// # ]);
    /// # let web = docker.container("web");
    /// let processes = web.top().await?;
    /// for command in processes.column("CMD") {
    ///     println!("{command}"); // nginx: master process
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/top`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it does not run. A
    /// [`status`](crate::Error::status) of 500: `ps` does not know the arguments, or its list has no process ids.
    pub fn top(&self) -> Top {
        Top(self.get("/containers/{id}/top"))
    }
}

/// A call of [`Container::top`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Top(Request);

impl Top {
    /// The arguments of `ps`, such as `aux` or `-eo pid,rss,args`; `-ef` if not set. The list has to have a column `PID`.
    pub fn ps_args(self, args: impl AsRef<str>) -> Self {
        Self(self.0.query("ps_args", args.as_ref()))
    }
}

call!(Top => Processes, json);
