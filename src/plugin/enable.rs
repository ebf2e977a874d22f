//! `POST /plugins/{name}/enable`

use super::Plugin;
use crate::GoDuration;
use crate::request::{Method, Request, call, unit};
use crate::wire::seconds_rounded_up;
use std::fmt::Display;
use std::time::Duration;

impl Plugin {
    /// Enables the plugin, which starts its program and waits until the program responds. Some programs never do: set
    /// [limits](crate::Limits) on the call.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /plugins/sshfs/enable?timeout=10", "200")]);
    /// use longshore::Limits;
    /// use std::time::Duration;
    ///
    /// let limits = Limits::new().whole(Duration::from_secs(30));
    /// docker.plugin("sshfs").enable().timeout(Duration::from_secs(10)).limits(limits).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /plugins/{name}/enable`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the plugin does not exist. A
    /// [`status`](crate::Error::status) of 500 if the plugin cannot be started.
    pub fn enable(&self) -> Enable {
        Enable(self.request(Method::POST, "/plugins/{name}/enable").query("timeout", 0))
    }
}

/// A call of [`Plugin::enable`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Enable(Request);

impl Enable {
    /// Sets how long the engine tries to reach the plugin. Rounded up to whole seconds. Defaults to 0, the engine's choice.
    pub fn timeout(self, timeout: impl TryInto<GoDuration, Error: Display>) -> Self {
        Self(self.0.duration(timeout, |request, timeout| {
            let seconds = seconds_rounded_up(timeout);
            request.query("timeout", seconds).extend_timeout(Duration::from_secs(seconds))
        }))
    }
}

call!(Enable => (), unit);
