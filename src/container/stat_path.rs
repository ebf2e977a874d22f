//! `HEAD /containers/{id}/archive`

use super::archive::stat;
use super::{Container, PathStat};
use crate::request::{Method, Request, call, send};
use crate::{Error, Result};

impl Container {
    /// Returns the metadata of a path in the container: its type, size, permissions and link target. The container may
    /// be running or stopped.
    ///
    /// A symbolic link at the end of the path is not followed. A path that ends with `/` or `/.` must be a directory.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("HEAD /containers/web/archive?path=/var/log", concat!("200 X-Docker-Container-Path-Stat: ",
    /// #      "eyJuYW1lIjogImxvZyIsICJzaXplIjogNDA5NiwgIm1vZGUiOiAyMTQ3NDg0MTQxLCAibXRpbWUiOiAiMjAyNi0xMS0yNFQwODozMDowMFoiLCAibGlua1RhcmdldCI6ICIifQ==",
    /// #      "\r\n\r\n")),
    /// # ]);
    /// let stat = docker.container("web").stat_path("/var/log").await?;
    /// assert!(stat.is_dir());
    /// assert_eq!(stat.permissions(), 0o755);
    /// # Ok(()) }
    /// ```
    ///
    /// `HEAD /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`] if the container or the path does not exist.
    /// [`Error::is_invalid`] if the path must be a directory but is not. Docker 20.10 responds with status 500 instead.
    pub fn stat_path(&self, path: impl AsRef<str>) -> StatPath {
        StatPath(self.archive(Method::HEAD, path.as_ref()))
    }
}

/// A call of [`Container::stat_path`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct StatPath(Request);

call!(StatPath => PathStat, statted);

pub(super) async fn statted(request: Request) -> Result<PathStat> {
    let answer = send(request).await.map_err(advise)?;
    let stat = stat(&answer)?;
    answer.finish().await.map(|()| stat)
}

/// Adds a hint, since a response to HEAD has no body with a message.
fn advise(error: Error) -> Error {
    match error.status() {
        Some(404) => error.with_hint("the container or the path does not exist"),
        Some(400) => error.with_hint("the path is not a directory, but ends with / or /."),
        _ => error,
    }
}
