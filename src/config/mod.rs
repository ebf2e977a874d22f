//! Configs pass configuration files to the services of a swarm.
//!
//! [`Docker::configs`] lists and creates configs. [`Docker::config`] inspects, updates and removes one.
//!
//! The content of a config cannot change. To replace it, create a config with a new version in its name, and update the
//! services to use it.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /configs/create {"Name":"site-2","Data":"c2VydmVyIHt9"}"#, r#"201 {"ID":"8p3x"}"#),
//! #     ("GET /configs/site-2", r#"200 {"ID":"8p3x","Spec":{"Name":"site-2","Data":"c2VydmVyIHt9"}}"#),
//! # ]);
//! use longshore::config::ConfigSpec;
//!
//! docker.configs().create(ConfigSpec::new("site-2", "server {}")).await?;
//! assert_eq!(docker.config("site-2").inspect().await?.spec.data, "server {}");
//! # Ok(()) }
//! ```

mod config_inspect;
mod config_spec;
mod create;
mod inspect;
mod list;
mod reference;
mod remove;
mod update;

pub use config_inspect::ConfigInspect;
pub use config_spec::ConfigSpec;
pub use create::Create;
pub use inspect::Inspect;
pub use list::List;
pub use reference::Reference;
pub use remove::Remove;
pub use update::Update;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the configs of the engine's swarm, which lists and creates them. This performs no I/O.
    #[must_use]
    pub fn configs(&self) -> Configs {
        Configs { client: self.client().clone() }
    }

    /// Returns a handle to one config, given by ID, an unambiguous ID prefix, or name. This performs no I/O. The first
    /// call fails if it does not exist.
    #[must_use]
    pub fn config(&self, name_or_id: impl Into<String>) -> Config {
        Config { client: self.client().clone(), id: name_or_id.into() }
    }
}

/// A handle to the configs of a swarm; see [`Docker::configs`].
#[derive(Clone, Debug)]
pub struct Configs {
    client: Arc<Client>,
}

/// A handle to one config of a swarm, whether it exists or not. Cheap to clone. See [`Docker::config`].
#[derive(Clone, Debug)]
pub struct Config {
    client: Arc<Client>,
    id: String,
}

impl Config {
    /// Returns the config's ID if [`Configs::create`] returned this handle. Otherwise returns the ID or name that the
    /// handle was made from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
