//! `GET /containers/{id}/top`

use super::{Container, Processes};
use crate::request::{Request, call, json};

impl Container {
    /// Lists the processes of the container, as `ps` on the engine's host shows them.
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
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is not running.
    /// A [`status`](crate::Error::status) of 500 if `ps` does not know the arguments, or does not list process IDs.
    pub fn top(&self) -> Top {
        Top(self.get("/containers/{id}/top"))
    }
}

/// A call of [`Container::top`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Top(Request);

impl Top {
    /// Sets the arguments of `ps`, such as `aux` or `-eo pid,rss,args`. The output must have a `PID` column. Defaults
    /// to `-ef`.
    pub fn ps_args(self, args: impl AsRef<str>) -> Self {
        Self(self.0.query("ps_args", args.as_ref()))
    }
}

call!(Top => Processes, json);
