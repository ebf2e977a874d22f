//! Which engine is meant: hosts, the environment, contexts; and who one is to a registry.

mod address;
mod context;
mod credentials;
mod endpoint;
mod environment;
mod folder;
mod host;
mod registries;
mod registry_name;
mod secret;
mod ssh_host;
mod tls;

pub use credentials::Credentials;
pub use endpoint::{Endpoint, Origin};
pub(crate) use environment::Environment;
pub(crate) use host::Host;
pub(crate) use registries::Registries;
pub use secret::Secret;
#[cfg(unix)]
pub(crate) use ssh_host::SshHost;
pub use tls::Tls;
