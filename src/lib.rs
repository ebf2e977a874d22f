//! A hand-written, typed, async Docker Engine client, with a thin deploy module on top.
//!
//! ```no_run
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//! use std::time::Duration;
//!
//! # async fn example() -> longshore::Result<()> {
//! let docker = Docker::from_env()?;
//! docker.images().pull("nginx:1.27").await?;
//! let web = docker.containers()
//!     .create(ContainerSpec::new("nginx:1.27").publish(8080, 80).env("MODE", "prod"))
//!     .name("web")
//!     .await?;
//! web.start().await?;
//! let mut logs = web.logs().follow(true).tail(100).await?;
//! while let Some(chunk) = logs.next().await {
//!     print!("{}", chunk?);
//! }
//! web.stop().timeout(Duration::from_secs(5)).await?;
//! web.remove().volumes(true).await?;
//! # Ok(()) }
//! ```
//!
//! # How it reads
//! [`Docker`] is the handle that everybody holds. A plural handle, such as [`Docker::containers`], lists and makes things; a
//! singular one, such as [`Docker::container`], does the rest with one of them. A verb makes a call, setters refine it, and
//! `.await` sends it. To spawn a call, hand `call.into_future()` to `tokio::spawn`.
//!
//! | what | where |
//! |---|---|
//! | containers, their logs and exits | [`container`] |
//! | further processes in containers | [`exec`] |
//! | images | [`image`] |
//! | networks, volumes | [`network`], [`volume`] |
//! | the engine itself: versions, events, disk usage, logins | [`system`] |
//! | output and progress, as they arrive | [`stream`] |
//! | a service or a job, from its image to its end | [`deploy`] |
//! | whatever else an engine has | [`raw`] |
//!
//! # What it promises
//! - An error names the call, the engine's own words and what to do: [`Error`].
//! - The API version is agreed upon with the engine once, and what it lacks is an error, never left out silently: [`Version`].
//! - Connections are kept and reused; a request is sent twice only where that is safe.
//! - Whatever an engine answers, nothing panics, hangs or grows without bound: [`Limits`].
//! - No secret is in an error or a `Debug`.
//!
//! # What each page says
//! A call's page names its operation as the API's reference does, such as `POST /containers/{id}/stop`; a setter's, what holds
//! if it is not called, and since which API version engines know it. Where none is named, all do that this crate speaks with.
//! Under `# Errors` there is what the call's own errors mean; those that any call can fail with are [at `Error`](Error).
//!
//! # Features
//! None is on by default.
//!
//! | feature | what it adds |
//! |---|---|
//! | `tls` | TLS with rustls and ring's cryptography |
//! | `tls-aws-lc` | the same with AWS-LC's cryptography |
//! | `tls-no-provider` | the same with the cryptography that the application installs |
//! | `tar` | building from a folder, with its `.dockerignore` |
//! | `tracing` | a span for each call |
//! | `websocket` | attaching to a container over a WebSocket |
//!
//! Calls need a tokio runtime with I/O and time enabled, as `#[tokio::main]` gives.

pub mod container;
pub mod deploy;
mod docker;
mod endpoint;
mod error;
pub mod exec;
pub mod image;
pub mod network;
#[cfg(test)]
#[path = "../tests/support/random.rs"]
mod random;
pub mod raw;
mod registry;
mod request;
pub mod stream;
pub mod system;
mod transport;
pub mod volume;
mod wire;

/// What streams yield and uploads take: from the crate `bytes`.
pub use bytes::Bytes;
pub use docker::{Builder, Docker};
pub use endpoint::{Endpoint, Origin, Tls};
pub use error::{Error, ErrorKind, Result};
/// What streams implement: from the crate `futures-core`.
pub use futures_core::Stream;
pub use registry::Credentials;
pub use request::{Observe, Observed};
pub use transport::{Connect, Connecting, Limits, Socket, Upload};
pub use wire::{Map, MapEntry, MapIter, OciDescriptor, ParsePlatformError, Platform, Secret, Timestamp, Version};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
