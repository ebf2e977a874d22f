//! `POST /plugins/{name}/disable`

use super::Plugin;
use crate::request::{Method, Request, call, unit};

impl Plugin {
    /// Disables the plugin, which stops its program.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /plugins/sshfs/disable?force=true", "200")]);
    /// docker.plugin("sshfs").disable().force(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/{name}/disable`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the plugin is not enabled. A
    /// [`status`](crate::Error::status) of 500 if the plugin is in use and [`force`](Disable::force) is not set.
    pub fn disable(&self) -> Disable {
        Disable(self.request(Method::POST, "/plugins/{name}/disable"))
    }
}

/// A call of [`Plugin::disable`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Disable(Request);

impl Disable {
    /// Disables the plugin even if it is in use. Defaults to `false`.
    pub fn force(self, force: bool) -> Self {
        Self(self.0.query("force", force))
    }
}

call!(Disable => (), unit);
