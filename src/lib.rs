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
//! let mut lines = web.logs().follow(true).await?.lines();
//! while let Some(line) = lines.next().await {
//!     let line = line?;
//!     println!("{line}");
//!     if line.text.contains("start worker") {
//!         break; // nginx serves
//!     }
//! }
//! web.stop().timeout(Duration::from_secs(5)).await?;
//! web.remove().volumes(true).await?;
//! # Ok(()) }
//! ```
//!
//! # How it reads
//! All calls start from a [`Docker`], the client. A plural handle, such as [`Docker::containers`], creates, lists and
//! prunes objects. A singular handle, such as [`Docker::container`], does everything else with one object, given by
//! name or ID. Getting a handle sends nothing.
//!
//! A method of a handle, such as [`stop`](container::Container::stop), returns a call. Setters refine the call, and
//! `.await` sends it. To spawn a call, pass `call.into_future()` to `tokio::spawn`.
//!
//! | to work with | see |
//! |---|---|
//! | containers, their logs and exit codes | [`container`] |
//! | further processes in a running container | [`exec`] |
//! | images | [`image`] |
//! | networks, volumes | [`network`], [`volume`] |
//! | the engine itself: versions, events, disk usage, registry logins | [`system`] |
//! | swarms: services, tasks, nodes, secrets, configs | [`swarm`], [`service`], [`task`], [`node`], [`secret`], [`config`] |
//! | plugins of the engine | [`plugin`] |
//! | streaming output and progress | [`stream`] |
//! | a service until it is ready, a job until it ends, an application in its environments | [`deploy`] |
//! | API operations that this crate has no method for | [`raw`] |
//! | a guide: coming from other clients, errors, streams, timeouts, credentials, versions, deploying, testing | [`guide`] |
//! | custom sockets, observers, hooks | [`extending`] |
//!
//! # What it promises
//! - An error names the call, the engine's own message and what to do about common mistakes: [`Error`].
//! - The API version is negotiated once. If the engine's version lacks a setter that you call, the call fails. The
//!   setter is never silently ignored: [`guide::versions`].
//! - Connections are kept and reused. A request is retried only where that is safe.
//! - No response makes it panic, hang or use unbounded memory: [`Limits`].
//! - No error and no `Debug` shows a secret.
//!
//! # How the documentation is organized
//! The page of a method that makes a call names the operation in the API's reference, such as
//! `POST /containers/{id}/stop`. Its section *Errors* lists the errors specific to that call. [`Error`] lists the errors
//! that any call can have.
//!
//! The page of a setter states its default and the API version that it requires. If it names no version, all supported
//! versions have the setting. *Since* and *until* include the version that they name: a field with "Until API 1.41" is
//! gone in API 1.42.
//!
//! # Features
//! Only `deploy` is enabled by default.
//!
//! | feature | what it adds |
//! |---|---|
//! | `blocking` | `.wait()` on every call and iterators on streams, for code that is not async |
//! | `testing` | the module `testing`: a scripted engine, for the tests of your own code |
//! | `deploy` | the module [`deploy`]; disable it to compile faster, in programs that only make calls |
//! | `tls` | TLS with rustls and ring's cryptography, which lacks ECDSA keys on the curve P-521 |
//! | `tls-aws-lc` | the same with AWS-LC's cryptography, which has them; if `tls` is enabled too, ring's is used |
//! | `tls-no-provider` | the same with the cryptography that the application installs |
//! | `buildkit` | BuildKit builds with a session (Unix only): folders sent file by file, secrets, SSH, private base images, exports; and typed progress |
//! | `tar` | files and folders: builds from a folder with its `.dockerignore`, copies into and out of containers |
//! | `tracing` | a span for each call |
//! | `websocket` | attaching to a container over a WebSocket |
//!
//! Calls need a tokio runtime with I/O and time enabled, such as that of `#[tokio::main]`.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod config;
pub mod container;
#[cfg(feature = "deploy")]
pub mod deploy;
mod docker;
mod endpoint;
mod error;
pub mod exec;
pub mod extending;
pub mod guide;
pub mod image;
pub mod network;
pub mod node;
pub mod plugin;
#[cfg(test)]
#[path = "../tests/support/random.rs"]
mod random;
pub mod raw;
mod registry;
mod request;
pub mod secret;
pub mod service;
pub mod stream;
pub mod swarm;
pub mod system;
pub mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
pub mod volume;
mod wire;

/// The bytes that streams yield and uploads send, from the crate `bytes`.
pub use bytes::Bytes;
pub use docker::{ApiVersion, Builder, Docker};
pub use endpoint::{Endpoint, Origin, Tls};
pub use error::{Error, ErrorKind, Result};
/// The trait of all streams, from the crate `futures-core`.
pub use futures_core::Stream;
pub use registry::Credentials;
pub use request::{Observe, Observed};
pub use transport::{Connect, Connecting, Limits, Socket, Upload};
pub use wire::{
    GoDuration, Map, MapEntry, MapIter, Moment, OciDescriptor, ParseGoDurationError, ParseMomentError,
    ParsePlatformError, Platform, Secret, Timestamp, Version,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
