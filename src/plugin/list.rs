//! `GET /plugins`

use super::{PluginInspect, Plugins};
use crate::request::{Method, Request, call, list};

impl Plugins {
    /// Lists plugins.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /plugins?filters={"enabled":{"true":true}}"#,
    /// #      r#"200 [{"Id":"5724","Name":"sshfs:latest","Enabled":true}]"#),
    /// # ]);
    /// for plugin in docker.plugins().list().enabled(true).await? {
    ///     println!("{}", plugin.name);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /plugins`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call).
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/plugins", &[]))
    }
}

/// A call of [`Plugins::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Filters by capability, such as `volumedriver`, `networkdriver` or `authz`. If called more than once, any of them
    /// may match.
    pub fn capability(self, capability: impl AsRef<str>) -> Self {
        Self(self.0.filter("capability", capability.as_ref()))
    }

    /// Filters for enabled plugins (`true`), or for disabled ones (`false`).
    pub fn enabled(self, enabled: bool) -> Self {
        Self(self.0.filter_one("enabled", enabled))
    }
}

call!(List => Vec<PluginInspect>, list);
