//! `GET /swarm/unlockkey`

use super::Swarm;
use crate::request::{Method, Request, call, json};
use crate::{Result, Secret};
use serde::Deserialize;

impl Swarm {
    /// Returns the key that unlocks managers after a restart; `None` if managers are not locked.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /swarm/unlockkey", r#"200 {"UnlockKey":"SWMKEY-1-7c37"}"#)]);
    /// let key = docker.swarm().unlock_key().await?;
    /// assert!(key.is_some()); // keep it for `unlock`
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /swarm/unlockkey`
    ///
    /// # Errors
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn unlock_key(&self) -> UnlockKey {
        UnlockKey(self.client.request(Method::GET, "/swarm/unlockkey", &[]))
    }
}

/// A call of [`Swarm::unlock_key`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct UnlockKey(Request);

call!(UnlockKey => Option<Secret>, key);

async fn key(request: Request) -> Result<Option<Secret>> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Response {
        unlock_key: Secret,
    }

    let Response { unlock_key } = json(request).await?;
    Ok(Some(unlock_key).filter(|key| !key.is_empty()))
}
