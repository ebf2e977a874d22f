//! `POST /plugins/{name}/upgrade`

use super::install::{steps, to_the_end};
use super::privileges::of_registry;
use super::{Plugin, PluginPrivilege};
use crate::request::{Method, Request, call};
use crate::stream::ProgressStream;
use crate::{Credentials, Result};

impl Plugin {
    /// Replaces the plugin, which must be [disabled](Self::disable), with another version from a registry. Grants it
    /// the given privileges, which must be exactly those that [`privileges`](super::Plugins::privileges) returned.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /plugins/privileges?remote=vieux/sshfs:2", "200 []"),
    /// #     ("POST /plugins/sshfs/upgrade?remote=vieux/sshfs:2", r#"200 {"status":"Pulling"}"#),
    /// # ]);
    /// let privileges = docker.plugins().privileges("vieux/sshfs:2").await?;
    /// docker.plugin("sshfs").upgrade("vieux/sshfs:2", &privileges).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/{name}/upgrade`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist. Otherwise those of
    /// [`install`](super::Plugins::install).
    pub fn upgrade(&self, remote: impl AsRef<str>, privileges: &[PluginPrivilege]) -> Upgrade {
        let remote = remote.as_ref();
        let path = "/plugins/{name}/upgrade";
        let request = of_registry(&self.client, Method::POST, path, &[&self.name], remote).query("remote", remote);
        Upgrade(request.long_running().json(&privileges))
    }
}

/// A call of [`Plugin::upgrade`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Upgrade(Request);

impl Upgrade {
    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }

    /// Yields the progress instead of only the outcome.
    ///
    /// # Errors
    /// Those of [`Plugin::upgrade`] before the first progress. Later errors are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        steps(self.0).await
    }
}

call!(Upgrade => (), to_the_end);
