//! `DELETE /plugins/{name}`

use super::Plugin;
use crate::request::{Method, Request, call, unit};

impl Plugin {
    /// Removes the plugin.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("DELETE /plugins/sshfs?force=true", "200")]);
    /// docker.plugin("sshfs").remove().force(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `DELETE /plugins/{name}`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict), or a [`status`](crate::Error::status) of 500, if the plugin
    /// is enabled and [`force`](Remove::force) is not set.
    pub fn remove(&self) -> Remove {
        Remove(self.request(Method::DELETE, "/plugins/{name}"))
    }
}

/// A call of [`Plugin::remove`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Remove(Request);

impl Remove {
    /// Removes the plugin even if it is enabled. Defaults to `false`.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }
}

call!(Remove => (), unit);
