//! API versions: negotiation, features that an old engine lacks, and Podman.
//!
//! # Negotiation
//! The Engine API has a version in each path, such as `/v1.43/containers/json`. The first call of a client asks `/_ping` for the
//! engine's newest version. All calls then use that version, or [`Version::NEWEST`] (1.56) if the engine's is newer. All clones
//! of the client share the result. Concurrent first calls negotiate only once.
//!
//! If the engine's newest version is older than [`Version::OLDEST`] (1.41), the call fails. If the engine is later replaced by an
//! older one, the first call that the older engine refuses negotiates again.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[]);
//! use longshore::Version;
//!
//! let version = docker.api_version().await?;
//! assert!(version >= Version::OLDEST && version <= Version::NEWEST);
//! # Ok(()) }
//! ```
//!
//! # Pinning a version
//! [`Builder::api_version`](crate::Builder::api_version), or the variable `DOCKER_API_VERSION`, pins the version. The client then
//! negotiates nothing, and the engine must support that version. The variable applies only if the environment or a context
//! selects the engine, as with [`Docker::from_env`](crate::Docker::from_env). Pin a version to test against an older API, or to
//! save one request.
//!
//! # Settings that an engine lacks
//! Engines silently ignore parameters and fields that they do not know. This crate prevents that: if the API version lacks a
//! parameter or field that you set, the call fails and nothing is sent. The error names both versions.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let script: &'static [(&'static str, &'static str)] = &[];
//! # let connector = Scripted(std::sync::Arc::new(std::sync::Mutex::new(script)));
//! # let _ = engine;
//! use longshore::{Docker, Version};
//!
//! # let docker = Docker::builder().connector(connector).api_version(Version::new(1, 41)).build()?;
//! # #[cfg(any())]
//! let docker = Docker::builder().api_version(Version::new(1, 41)).build()?;
//! let error = docker.container("web").stop().signal("SIGINT").await.unwrap_err();
//! assert!(error.is_version());
//! assert!(error.to_string().contains("signal requires API 1.42 or later, and this engine speaks API 1.41"));
//! # Ok(()) }
//! ```
//!
//! The page of a setter or field names the version that it requires. If it names none, all supported versions have it. API
//! versions also remove fields: setting [`kernel_memory`](crate::container::HostConfig::kernel_memory) with API 1.42 or later is
//! an error too.
//!
//! Creating a container on several networks requires API 1.44 or later. With older engines, a [`Run`](crate::deploy::Run) and a
//! [`Project`](crate::deploy::Project) create it on one network, and connect it to the others before they start it.
//!
//! To support old engines as well, check the version before you set a newer parameter:
//!
//! ```no_run
//! use longshore::Version;
//!
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! let mut stop = docker.container("web").stop();
//! if docker.api_version().await? >= Version::new(1, 42) {
//!     stop = stop.signal("SIGINT");
//! }
//! stop.await?;
//! # Ok(()) }
//! ```
//!
//! # Missing and unknown values in responses
//! A field that the engine does not send is empty, `None` or 0. A field that this crate does not know is ignored. An enum value
//! that it does not know becomes the variant `Unknown`, which holds the text. None of these fails a call, so newer engines work.
//!
//! ```
//! use longshore::container::ContainerStatus;
//!
//! let status: ContainerStatus = serde_json::from_str(r#""hibernating""#)?;
//! assert_eq!(status, ContainerStatus::Unknown("hibernating".to_owned()));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # API versions of engines
//! | Docker Engine | newest API version |
//! |---|---|
//! | 20.10 | 1.41 |
//! | 23.0 | 1.42 |
//! | 24.0 | 1.43 |
//! | 25.0 | 1.44 |
//! | 26.1 | 1.45 |
//! | 27.0 | 1.46 |
//! | 28.0 | 1.48 |
//! | 28.5 | 1.51 |
//! | 29.0 | 1.52 |
//!
//! The crate is tested with the real engines 20.10, 26.1 and 28.5, with both image stores of 28.5.
//! [`Docker::version`](crate::Docker::version) returns the engine's own version. Engines also have an oldest API version that
//! they support, [`EngineVersion::min_api_version`]. If the engine no longer supports the pinned or negotiated version, the call
//! fails with [`Error::is_version`].
//!
//! # Podman
//! Podman's service offers the same API, in version 1.44 as of Podman 5.8. [`Docker::from_env`](crate::Docker::from_env) finds
//! its default socket too, if there is no Docker socket. Most calls work. These differ:
//!
//! - It has no swarm, no plugins, no [`Image::distribution`](crate::image::Image::distribution), and no attaching over a
//!   WebSocket.
//! - [`PullResult::digest`](crate::image::PullResult::digest) is `None`.
//! - Podman continues a pull or an attachment that is dropped.
//! - It reports some conflicts and wrong arguments with a status of 500. The crate reads their cause, so
//!   [`Error::is_conflict`] and [`Error::is_invalid`] are true for those as well.
//! - Health checks run only on hosts with systemd.
//! - [`since`](crate::container::Logs::since) of logs is exclusive, and lines have equal times.
//! - A followed log can lack lines where thousands are written a second: see [`Logs::follow`](crate::container::Logs::follow).
//!
//! # Finding out the engine and its versions
//! ```no_run
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! println!("{}", docker.endpoint()); // which engine, and why that one
//! let engine = docker.version().await?;
//! println!("{} on {}/{}, API {}", engine.version, engine.os, engine.arch, docker.api_version().await?);
//! # Ok(()) }
//! ```
//!
//! # Calls without a version
//! [`Raw::versioned`](crate::raw::Raw::versioned)`(false)` sends a request without a version in its path. The crate does not
//! check the parameters of [`Docker::raw`](crate::Docker::raw) against any version.

#[allow(unused_imports, reason = "the links of this page")]
use crate::{Error, Version, system::EngineVersion};
