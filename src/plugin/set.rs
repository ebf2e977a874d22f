//! `POST /plugins/{name}/set`

use super::Plugin;
use crate::request::{Method, Request, call, unit};

impl Plugin {
    /// Configures the plugin, which must be disabled: environment variables (`DEBUG=1`), mounts (`data.source=/data`),
    /// devices (`fuse.path=/dev/fuse`) and arguments (`args=…`).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /plugins/sshfs/set", "204")]);
    /// docker.plugin("sshfs").set(["DEBUG=1"]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/{name}/set`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist. A
    /// [`status`](crate::Error::status) of 500 if a setting does not exist or cannot be configured.
    pub fn set<S: Into<String>>(&self, settings: impl IntoIterator<Item = S>) -> Set {
        let settings: Vec<String> = settings.into_iter().map(Into::into).collect();
        Set(self.request(Method::POST, "/plugins/{name}/set").json(&settings))
    }
}

/// A call of [`Plugin::set`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Set(Request);

call!(Set => (), unit);
