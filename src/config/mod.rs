//! Which engine is meant: hosts, the environment, the default sockets.

mod environment;
mod host;

pub(crate) use environment::Environment;
pub(crate) use host::Host;
