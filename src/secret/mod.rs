//! Secrets pass sensitive data to the services of a swarm.
//!
//! [`Docker::secrets`] lists and creates secrets. [`Docker::secret`] inspects, updates and removes one.
//!
//! The engine never returns the content of a secret, and the content cannot change. To replace it, create a secret with
//! a new version in its name, and update the services to use it.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /secrets/create {"Name":"token-2","Data":"aHVudGVyMg=="}"#, r#"201 {"ID":"ktnb"}"#),
//! #     ("GET /secrets/ktnb", r#"200 {"ID":"ktnb","Spec":{"Name":"token-2"}}"#),
//! #     ("GET /services/web", r#"200 {"Version":{"Index":9},"Spec":{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"web"}}}}"#),
//! #     (r#"POST /services/web/update?version=9 {"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"web","Secrets":[{"File":{"GID":"0","Mode":292,"Name":"token","UID":"0"},"SecretID":"ktnb","SecretName":"token-2"}]}}}"#,
//! #      r#"200 {"Warnings":null}"#),
//! # ]);
//! use longshore::secret::SecretSpec;
//!
//! let token = docker.secrets().create(SecretSpec::new("token-2", "hunter2")).await?;
//! let token = token.reference("token").await?; // the file /run/secrets/token
//! docker.service("web").update(move |mut spec| {
//!     spec.container().secrets = vec![token.clone()];
//!     spec
//! }).await?;
//! # Ok(()) }
//! ```

mod create;
mod inspect;
mod list;
mod reference;
mod remove;
mod secret_inspect;
mod secret_spec;
mod update;

pub use create::Create;
pub use inspect::Inspect;
pub use list::List;
pub use reference::Reference;
pub use remove::Remove;
pub use secret_inspect::SecretInspect;
pub use secret_spec::SecretSpec;
pub use update::Update;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to the secrets of the engine's swarm, which lists and creates them. This performs no I/O.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        Secrets { client: self.client().clone() }
    }

    /// Returns a handle to one secret, given by ID, an unambiguous ID prefix, or name. This performs no I/O. The first
    /// call fails if it does not exist.
    #[must_use]
    pub fn secret(&self, name_or_id: impl Into<String>) -> SwarmSecret {
        SwarmSecret { client: self.client().clone(), id: name_or_id.into() }
    }
}

/// A handle to the secrets of a swarm; see [`Docker::secrets`].
#[derive(Clone, Debug)]
pub struct Secrets {
    client: Arc<Client>,
}

/// A handle to one secret of a swarm, whether it exists or not. Cheap to clone. See [`Docker::secret`].
#[derive(Clone, Debug)]
pub struct SwarmSecret {
    client: Arc<Client>,
    id: String,
}

impl SwarmSecret {
    /// Returns the secret's ID if [`Secrets::create`] returned this handle. Otherwise returns the ID or name that the
    /// handle was made from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
