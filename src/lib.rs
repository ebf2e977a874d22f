//! A hand-written, typed, async Docker Engine client.

mod config;
pub mod container;
pub mod deploy;
mod docker;
mod error;
pub mod image;
pub mod network;
mod request;
pub mod stream;
pub mod system;
mod transport;
pub mod volume;
mod wire;

pub use config::Credentials;
pub use docker::{Builder, Docker};
pub use error::{Error, ErrorKind, Result};
pub use transport::{Connect, Connecting, Limits, Socket};
pub use wire::{Map, OciDescriptor, OciPlatform, ParsePlatformError, ParseTimestampError, Timestamp, Version};
