//! `POST /swarm/update`

use super::Swarm;
use crate::request::{Method, SpecUpdate, call, respecified};
use crate::system::SwarmSpec;

impl Swarm {
    /// Updates the swarm's settings: reads them, applies `change`, and sends them back. Settings unknown to this crate
    /// are preserved.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /swarm", r#"200 {"ID":"x1","Version":{"Index":10},"Spec":{"Name":"default","EncryptionConfig":{"AutoLockManagers":false}}}"#),
    /// #     (r#"POST /swarm/update?rotateWorkerToken=true&version=10 {"EncryptionConfig":{"AutoLockManagers":true},"Name":"default"}"#, "200"),
    /// # ]);
    /// docker.swarm().update(|mut spec| {
    ///     spec.encryption_config.auto_lock_managers = true;
    ///     spec
    /// }).rotate_worker_token(true).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /swarm/update`
    ///
    /// # Errors
    /// [`Error::is_out_of_sequence`](crate::Error::is_out_of_sequence) if the settings were changed concurrently; see
    /// [`attempts`](Update::attempts). [`Error::is_invalid`](crate::Error::is_invalid) if a setting is invalid.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn update(&self, change: impl Fn(SwarmSpec) -> SwarmSpec + Send + Sync + 'static) -> Update {
        let inspect = self.client.request(Method::GET, "/swarm", &[]);
        Update(SpecUpdate::new(inspect, self.client.request(Method::POST, "/swarm/update", &[]), change))
    }
}

/// A call of [`Swarm::update`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(SpecUpdate<SwarmSpec>);

impl Update {
    /// Sets the number of attempts. Each attempt reads the settings again and applies the change, in case of a
    /// concurrent change. Defaults to 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self(self.0.attempts(attempts))
    }

    /// Rotates the join token of workers. Defaults to `false`.
    pub fn rotate_worker_token(self, rotate: bool) -> Self {
        Self(self.0.map(|request| request.query("rotateWorkerToken", rotate)))
    }

    /// Rotates the join token of managers. Defaults to `false`.
    pub fn rotate_manager_token(self, rotate: bool) -> Self {
        Self(self.0.map(|request| request.query("rotateManagerToken", rotate)))
    }

    /// Rotates the key that unlocks managers. Defaults to `false`.
    pub fn rotate_manager_unlock_key(self, rotate: bool) -> Self {
        Self(self.0.map(|request| request.query("rotateManagerUnlockKey", rotate)))
    }
}

call!(Update => (), respecified);
