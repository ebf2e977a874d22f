//! `POST /swarm/unlock`

use super::Swarm;
use crate::request::{Method, Request, call, unit};
use crate::{Map, Secret};

impl Swarm {
    /// Unlocks a restarted manager with the key that [`unlock_key`](Self::unlock_key) returned earlier.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[(r#"POST /swarm/unlock {"UnlockKey":"SWMKEY-1-7c37"}"#, "200")]);
    /// docker.swarm().unlock("SWMKEY-1-7c37").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /swarm/unlock`
    ///
    /// # Errors
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) if the key is wrong.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the key is malformed.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the manager is not locked.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not part of a swarm.
    pub fn unlock(&self, key: impl Into<Secret>) -> Unlock {
        let request = self.client.request(Method::POST, "/swarm/unlock", &[]);
        Unlock(request.json(&Map::<Secret>::from([("UnlockKey", key.into())])))
    }
}

/// A call of [`Swarm::unlock`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Unlock(Request);

call!(Unlock => (), unit);
