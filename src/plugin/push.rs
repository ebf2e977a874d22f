//! `POST /plugins/{name}/push`

use super::Plugin;
use super::install::{steps, to_the_end};
use super::privileges::of_registry;
use crate::request::{Method, Request, call};
use crate::stream::ProgressStream;
use crate::{Credentials, Result};

impl Plugin {
    /// Pushes the plugin to the registry in its name.
    ///
    /// Awaiting the call completes the push. [`stream`](Push::stream) yields the progress instead.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /plugins/registry.example.com/sshfs:1/push", r#"200 {"status":"Pushed"}"#)]);
    /// docker.plugin("registry.example.com/sshfs:1").push().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/{name}/push`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist.
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream) if the registry cannot be reached or denies access.
    pub fn push(&self) -> Push {
        let request = of_registry(&self.client, Method::POST, "/plugins/{name}/push", &[&self.name], &self.name);
        Push(request.header("x-registry-auth", "e30=".to_owned()))
    }
}

/// A call of [`Plugin::push`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Push(Request);

impl Push {
    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }

    /// Yields the progress instead of only the outcome.
    ///
    /// # Errors
    /// Those of [`Plugin::push`] before the first progress. Later errors are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        steps(self.0).await
    }
}

call!(Push => (), to_the_end);
