//! `GET /plugins/{name}/json`

use super::{Plugin, PluginInspect};
use crate::request::{Method, Request, call, json};

impl Plugin {
    /// Inspects the plugin.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /plugins/sshfs/json", r#"200 {"Id":"5724","Name":"sshfs:latest","Enabled":true}"#),
    /// # ]);
    /// let sshfs = docker.plugin("sshfs").inspect().await?;
    /// assert!(sshfs.enabled);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /plugins/{name}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist.
    pub fn inspect(&self) -> Inspect {
        Inspect(self.request(Method::GET, "/plugins/{name}/json"))
    }
}

/// A call of [`Plugin::inspect`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Inspect(Request);

call!(Inspect => PluginInspect, json);
