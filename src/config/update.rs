//! `POST /configs/{id}/update`

use super::{Config, ConfigSpec};
use crate::request::{Method, SpecUpdate, call, respecified};

impl Config {
    /// Updates the config's labels: reads its specification, applies `change`, and sends it back. Only labels can
    /// change.
    ///
    /// To replace the content, create a new config, update the services to use it, and remove the old one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /configs/site-2",
    /// #      r#"200 {"ID":"8p3x","Version":{"Index":11},"Spec":{"Name":"site-2","Data":"c2VydmVyIHt9"}}"#),
    /// #     (r#"POST /configs/site-2/update?version=11 {"Name":"site-2","Data":"c2VydmVyIHt9","Labels":{"app":"web"}}"#,
    /// #      "200"),
    /// # ]);
    /// docker.config("site-2").update(|spec| spec.label("app", "web")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /configs/{id}/update`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the config does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if anything but labels has changed.
    /// [`Error::is_out_of_sequence`](crate::Error::is_out_of_sequence) if the config was changed concurrently; see
    /// [`attempts`](Update::attempts). [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine
    /// is not a swarm manager.
    pub fn update(&self, change: impl Fn(ConfigSpec) -> ConfigSpec + Send + Sync + 'static) -> Update {
        let inspect = self.request(Method::GET, "/configs/{id}");
        Update(SpecUpdate::new(inspect, self.request(Method::POST, "/configs/{id}/update"), change))
    }
}

/// A call of [`Config::update`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(SpecUpdate<ConfigSpec>);

impl Update {
    /// Sets the number of attempts. Each attempt reads the config again and applies the change, in case of a concurrent
    /// change. Defaults to 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self(self.0.attempts(attempts))
    }
}

call!(Update => (), respecified);
