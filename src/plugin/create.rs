//! `POST /plugins/create`

use super::{Plugin, Plugins};
use crate::request::{Method, Request, call, unit};
use crate::{Limits, Result, Upload};

impl Plugins {
    /// Creates a plugin from a tar archive of its `config.json` and its files in `rootfs`. The plugin is not enabled
    /// yet. With the feature `tar`, `create_from_folder` writes the archive.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /plugins/create?name=team/sshfs", "204"),
    /// #     ("POST /plugins/team/sshfs/enable?timeout=0", "200"),
    /// # ]);
    /// # let archive = vec![0_u8; 1024];
    /// let sshfs = docker.plugins().create("team/sshfs", archive).await?;
    /// sshfs.enable().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/create`
    ///
    /// # Errors
    /// A [`status`](crate::Error::status) of 400 or 500 if the archive does not contain a valid plugin, or if a plugin
    /// of that name exists.
    pub fn create(&self, name: impl Into<String>, archive: impl Into<Upload>) -> Create {
        let name = name.into();
        let request = self.client.request(Method::POST, "/plugins/create", &[]).query("name", &name);
        Create(CreateRequest { request: request.upload("application/x-tar", archive), name })
    }
}

/// A call of [`Plugins::create`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(CreateRequest);

#[derive(Debug)]
struct CreateRequest {
    request: Request,
    name: String,
}

impl Create {
    /// Makes the call fail before anything is sent.
    #[cfg(feature = "tar")]
    pub(super) fn refuse(self, why: impl Into<String>) -> Self {
        Self(CreateRequest { request: self.0.request.refuse(why), ..self.0 })
    }
}

impl CreateRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

call!(Create => Plugin, created);

async fn created(create: CreateRequest) -> Result<Plugin> {
    let CreateRequest { request, name } = create;
    let client = request.client().clone();
    unit(request).await?;
    Ok(Plugin { client, name })
}
