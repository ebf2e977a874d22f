//! Which engine is meant: hosts, the environment, the default sockets.

mod credentials;
mod environment;
mod host;

pub use credentials::Credentials;
pub(crate) use environment::Environment;
pub(crate) use host::Host;
