//! `POST /containers/{id}/pause`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Pauses the container: freezes all of its processes until [`unpause`](Self::unpause). A paused container still
    /// counts as running.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/db/pause", "204"), ("POST /containers/db/unpause", "204")]);
    /// let db = docker.container("db");
    /// db.pause().await?;
    /// // back up its volume here
    /// db.unpause().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/pause`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is not running, or is already paused.
    pub fn pause(&self) -> Pause {
        Pause(self.post("/containers/{id}/pause"))
    }
}

/// A call of [`Container::pause`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Pause(Request);

call!(Pause => (), unit);
