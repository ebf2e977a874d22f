//! `POST /secrets/{id}/update`

use super::{SecretSpec, SwarmSecret};
use crate::request::{Method, SpecUpdate, call, respecified};

impl SwarmSecret {
    /// Updates the secret's labels: reads its specification, applies `change`, and sends it back. Only labels can
    /// change.
    ///
    /// To replace the content, create a new secret, update the services to use it, and remove the old one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /secrets/token-2", r#"200 {"ID":"ktnb","Version":{"Index":11},"Spec":{"Name":"token-2"}}"#),
    /// #     (r#"POST /secrets/token-2/update?version=11 {"Name":"token-2","Labels":{"app":"web"}}"#, "200"),
    /// # ]);
    /// docker.secret("token-2").update(|spec| spec.label("app", "web")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /secrets/{id}/update`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the secret does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if anything but labels has changed.
    /// [`Error::is_out_of_sequence`](crate::Error::is_out_of_sequence) if the secret was changed concurrently; see
    /// [`attempts`](Update::attempts). [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine
    /// is not a swarm manager.
    pub fn update(&self, change: impl Fn(SecretSpec) -> SecretSpec + Send + Sync + 'static) -> Update {
        let inspect = self.request(Method::GET, "/secrets/{id}");
        Update(SpecUpdate::new(inspect, self.request(Method::POST, "/secrets/{id}/update"), change))
    }
}

/// A call of [`SwarmSecret::update`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(SpecUpdate<SecretSpec>);

impl Update {
    /// Sets the number of attempts. Each attempt reads the secret again and applies the change, in case of a concurrent
    /// change. Defaults to 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self(self.0.attempts(attempts))
    }
}

call!(Update => (), respecified);
