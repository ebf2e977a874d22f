//! `DELETE /volumes/{name}`

use super::Volume;
use crate::request::{Method, Request, call, unit};

impl Volume {
    /// Removes the volume with all its data.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /volumes/cache", "204")]);
    /// docker.volume("cache").remove().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /volumes/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the volume does not exist, unless
    /// [`force`](Remove::force) is set. [`Error::is_conflict`](crate::Error::is_conflict) if a container uses the
    /// volume, running or stopped.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/volumes/{name}"))
    }
}

/// A call of [`Volume::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Succeeds even if the volume does not exist, or if its driver has lost it. A volume in use is never removed.
    /// Defaults to `false`.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }
}

call!(Remove => (), unit);
