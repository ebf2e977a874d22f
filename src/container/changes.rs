//! `GET /containers/{id}/changes`

use super::{Container, FilesystemChange};
use crate::request::{Request, call, list};

impl Container {
    /// Lists the files that differ from the container's image. Files in volumes and other mounts are not included.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /containers/web/changes", r#"200 [{"Path":"/run/nginx.pid","Kind":1}]"#)]);
    /// for change in docker.container("web").changes().await? {
    ///     println!("{:?} {}", change.kind, change.path); // Added /run/nginx.pid
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/changes`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    pub fn changes(&self) -> Changes {
        Changes(self.get("/containers/{id}/changes"))
    }
}

/// A call of [`Container::changes`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Changes(Request);

call!(Changes => Vec<FilesystemChange>, list);
