//! `DELETE /containers/{id}`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Removes the container.
    ///
    /// The engine itself removes a container with [`auto_remove`](super::ContainerSpec::auto_remove) when it ends.
    /// Ignore "not found" then, and a conflict that says that removal is in progress.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /containers/web?force=true&v=true", "204")]);
    /// docker.container("web").remove().force(true).volumes(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /containers/{id}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is running (stop it, or use
    /// [`Remove::force`]), or is already being removed.
    pub fn remove(&self) -> Remove {
        Remove(self.delete())
    }
}

/// A call of [`Container::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Removes the container's anonymous volumes as well, but never named ones. Defaults to `false`.
    pub fn volumes(self, volumes: bool) -> Self {
        Self(self.0.query("v", volumes))
    }

    /// Kills the container first if it is running. Defaults to `false`: removing a running container is a conflict.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }

    /// Removes a link instead of the container. The link is named `container/alias`. Defaults to `false`.
    pub fn link(self, link: bool) -> Self {
        Self(self.0.query("link", link))
    }
}

call!(Remove => (), unit);
