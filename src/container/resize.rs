//! `POST /containers/{id}/resize`

use super::Container;
use crate::request::{Request, call, unit};

impl Container {
    /// Resizes the container's terminal: `height` in lines, `width` in characters.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/shell/resize?h=24&w=80", "200")]);
    /// docker.container("shell").resize(24, 80).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/resize`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is not running.
    pub fn resize(&self, height: u32, width: u32) -> Resize {
        Resize(self.post("/containers/{id}/resize").query("h", height).query("w", width))
    }
}

/// A call of [`Container::resize`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Resize(Request);

call!(Resize => (), unit);
