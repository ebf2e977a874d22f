//! Plugins add volume, network, log and other drivers to the engine.
//!
//! [`Docker::plugins`] lists, installs and creates plugins. [`Docker::plugin`] inspects, configures, enables, disables,
//! upgrades, pushes and removes one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("GET /plugins/privileges?remote=vieux/sshfs", r#"200 [{"Name":"network","Description":"","Value":["host"]}]"#),
//! #     ("POST /plugins/pull?remote=vieux/sshfs&name=sshfs",
//! #      r#"200 {"status":"Pulling"}"#),
//! #     ("POST /plugins/sshfs/set", "204"),
//! #     ("POST /plugins/sshfs/enable?timeout=0", "200"),
//! # ]);
//! let privileges = docker.plugins().privileges("vieux/sshfs").await?;
//! for privilege in &privileges {
//!     println!("requires {}: {:?}", privilege.name, privilege.value);
//! }
//! let sshfs = docker.plugins().install("vieux/sshfs", &privileges).name("sshfs").await?;
//! sshfs.set(["DEBUG=1"]).await?;
//! sshfs.enable().await?;
//! # Ok(()) }
//! ```

mod create;
#[cfg(feature = "tar")]
mod create_from_folder;
mod disable;
mod enable;
mod inspect;
mod install;
mod list;
mod plugin_inspect;
mod privileges;
mod push;
mod remove;
mod set;
mod upgrade;

pub use create::Create;
pub use disable::Disable;
pub use enable::Enable;
pub use inspect::Inspect;
pub use install::Install;
pub use list::List;
pub use plugin_inspect::{
    PluginArgs, PluginConfig, PluginDevice, PluginEnv, PluginInspect, PluginInterface, PluginLinux, PluginMount,
    PluginNetwork, PluginRootFs, PluginSettings, PluginUser,
};
pub use privileges::{PluginPrivilege, Privileges};
pub use push::Push;
pub use remove::Remove;
pub use set::Set;
pub use upgrade::Upgrade;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the engine's plugins, which lists, installs and creates them. This performs no I/O.
    #[must_use]
    pub fn plugins(&self) -> Plugins {
        Plugins { client: self.client().clone() }
    }

    /// Returns a handle to one plugin, given by name. The tag defaults to `latest`. This performs no I/O. The first
    /// call fails if it does not exist.
    #[must_use]
    pub fn plugin(&self, name: impl Into<String>) -> Plugin {
        Plugin { client: self.client().clone(), name: name.into() }
    }
}

/// A handle to the plugins of an engine; see [`Docker::plugins`].
#[derive(Clone, Debug)]
pub struct Plugins {
    client: Arc<Client>,
}

/// A handle to one plugin of an engine, whether it exists or not. Cheap to clone. See [`Docker::plugin`].
#[derive(Clone, Debug)]
pub struct Plugin {
    client: Arc<Client>,
    name: String,
}

impl Plugin {
    /// Returns the plugin's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.name])
    }
}
