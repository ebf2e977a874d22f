//! `POST /plugins/pull`

use super::privileges::of_registry;
use super::{Plugin, PluginPrivilege, Plugins};
use crate::request::{Method, Request, authorized, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Credentials, Limits, Result};

impl Plugins {
    /// Installs a plugin from a registry and grants it the given privileges. These must be exactly those that
    /// [`privileges`](Self::privileges) returned. The plugin is not enabled yet.
    ///
    /// Awaiting the call completes the installation. [`stream`](Install::stream) yields the progress instead.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /plugins/privileges?remote=vieux/sshfs",
    /// #      r#"200 [{"Name":"network","Description":"","Value":["host"]}]"#),
    /// #     ("POST /plugins/pull?remote=vieux/sshfs", r#"200 {"status":"Pulling"}"#),
    /// # ]);
    /// let privileges = docker.plugins().privileges("vieux/sshfs").await?;
    /// let sshfs = docker.plugins().install("vieux/sshfs", &privileges).await?;
    /// assert_eq!(sshfs.name(), "vieux/sshfs");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/pull`
    ///
    /// # Errors
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream), or a [`status`](crate::Error::status) of 404 or 500 before the
    /// first progress, if the plugin does not exist or the privileges differ.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if a plugin of that name is installed.
    pub fn install(&self, remote: impl AsRef<str>, privileges: &[PluginPrivilege]) -> Install {
        let remote = remote.as_ref();
        let request = of_registry(&self.client, Method::POST, "/plugins/pull", &[], remote).query("remote", remote);
        Install(InstallRequest { request: request.long_running().json(&privileges), name: remote.to_owned() })
    }
}

/// A call of [`Plugins::install`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Install(InstallRequest);

#[derive(Clone, Debug)]
struct InstallRequest {
    request: Request,
    name: String,
}

impl Install {
    /// Sets the local name of the plugin. Defaults to its reference in the registry.
    pub fn name(self, name: impl Into<String>) -> Self {
        let name = name.into();
        Self(InstallRequest { request: self.0.request.query("name", &name), name })
    }

    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(InstallRequest { request: self.0.request.credentials(&credentials.into()), ..self.0 })
    }

    /// Yields the progress instead of only the outcome.
    ///
    /// # Errors
    /// Those of [`Plugins::install`] before the first progress. Later errors are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        steps(self.0.request).await
    }
}

impl InstallRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

call!(Install => Plugin, installed);

async fn installed(install: InstallRequest) -> Result<Plugin> {
    let InstallRequest { request, name } = install;
    let client = request.client().clone();
    to_the_end(request).await?;
    Ok(Plugin { client, name })
}

pub(super) async fn steps(request: Request) -> Result<ProgressStream> {
    send(request).await.map(|response| ProgressStream::new(response.into_stream()))
}

/// Reads the progress to its end, and keeps only the outcome.
pub(super) async fn to_the_end(request: Request) -> Result<()> {
    authorized(request, async |request| steps(request).await?.outcome(|(): &mut (), _: &Progress| {}).await).await
}
