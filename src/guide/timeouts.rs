//! The four limits of a call, their defaults, and what the engine does when you stop waiting.
//!
//! # The limits
//! | limit | bounds | default |
//! |---|---|---|
//! | [`connect`](Limits::connect) | making a connection, name resolution included | 10 seconds |
//! | [`head`](Limits::head) | from sending the request to the head of the response | 2 minutes |
//! | [`idle`](Limits::idle) | the time between two chunks of the response's body | 2 minutes |
//! | [`whole`](Limits::whole) | the call with all of its requests, to the end of the response | no limit |
//!
//! `Duration::MAX` means no limit. A call that reaches a limit fails with [`Error::is_timeout`](crate::Error::is_timeout).
//!
//! For `ssh://` hosts, `connect` bounds connecting to the SSH server. Authentication and the start of `docker` on the remote host
//! come after it, and count as waiting for the head of the response.
//!
//! # Setting them
//! [`Builder::limits`](crate::Builder::limits) sets them for all calls of a client, and the setter `limits` of a call for that
//! call. A limit that the call does not set has the client's value. A limit that neither sets has its default.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let script: &'static [(&'static str, &'static str)] = &[("GET /containers/web/json", "200 …")];
//! # let connector = Scripted(std::sync::Arc::new(std::sync::Mutex::new(script)));
//! # let _ = engine;
//! use longshore::{Docker, Limits};
//! use std::time::Duration;
//!
//! let limits = Limits::new().connect(Duration::from_secs(2)).head(Duration::from_secs(30));
//! # let docker = Docker::builder().connector(connector).api_version(longshore::Version::NEWEST).limits(limits).build()?;
//! # #[cfg(any())]
//! let docker = Docker::builder().limits(limits).build()?;
//!
//! // This call alone has half a second, from its start to its end.
//! let short = Limits::new().whole(Duration::from_millis(500));
//! let error = docker.container("web").inspect().limits(short).await.unwrap_err();
//! assert!(error.is_timeout());
//! # Ok(()) }
//! ```
//!
//! # Calls with other limits
//! The engine may be silent for a long time in some calls. Of the client's limits and the defaults, only these apply to them:
//!
//! | call | limits that apply |
//! |---|---|
//! | [`Container::wait`], [`Docker::events`](crate::Docker::events), logs with `follow(true)`, [`Images::build`](crate::image::Images::build) | `connect` |
//! | [`Container::stop`], [`Container::restart`] with a timeout of `Duration::MAX` | `connect` |
//! | [`Container::attach`], [`Exec::start`](crate::exec::Exec::start) | `connect`, `head` |
//! | [`Container::stop`], [`Container::restart`], [`Plugin::enable`](crate::plugin::Plugin::enable) with a timeout | all; those but `connect` are extended by the timeout |
//! | `prune` of containers, images, networks, volumes and the build cache, [`Docker::disk_usage`](crate::Docker::disk_usage) | all; those but `connect` are extended by 8 minutes |
//! | [`Container::commit`], [`Image::save`](crate::image::Image::save), [`Images::load`](crate::image::Images::load), [`Images::import`](crate::image::Images::import), installing or upgrading a plugin | all; those but `connect` are extended by 8 minutes |
//! | all others | all |
//!
//! A limit that you set on the call itself always applies, and is not extended. To follow a log that may be silent for an hour at
//! most, use `logs().follow(true).limits(Limits::new().idle(hour))`. The negotiation of the API version has the limits that are set
//! on the call that needs it, else the client's.
//!
//! [`Exec::wait`](crate::exec::Exec::wait) and [`Service::converge`](crate::service::Service::converge) ask again until they are
//! done. A `whole` that you set on such a call bounds all of it. The client's `whole` bounds each of its requests alone.
//!
//! [`exec(..).output()`](crate::exec::Create::output) sends several requests. The limits that you set on it apply to each of them,
//! and `whole` bounds them together. [Reconnecting](crate::system::Events::reconnecting) events have several connections. A `whole`
//! that you set on them bounds all connections together and ends the stream. A connection that is silent for `idle` is replaced.
//!
//! Deployments and the convergence of swarm services have deadlines of their own: [`Run::deadline`](crate::deploy::Run::deadline)
//! (60 seconds), [`Service::deadline`](crate::deploy::Service::deadline) (60 seconds for each container; on a swarm 5 minutes more
//! for the service), [`Converge::deadline`](crate::service::Converge::deadline) (5 minutes). A deployment also fails once its
//! [`lease`](crate::deploy::Deployment::lease) (an hour) is over. A credential helper must respond within 30 seconds. A call that
//! needs the credentials for all registries, such as a build, gives its helpers 30 seconds in total.
//!
//! # `tokio::time::timeout`
//! `timeout` works with every call, since every call may be dropped. Use it to bound several calls together, or a loop over a
//! stream. For a single call, [`Limits::whole`] is better: its error names the call.
//!
//! ```no_run
//! use std::future::IntoFuture;
//! use std::time::Duration;
//! use tokio::time::timeout;
//!
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! let job = docker.container("job");
//! job.start().await?;
//! match timeout(Duration::from_secs(60), job.wait().into_future()).await {
//!     Ok(exit) => println!("{}", exit?),
//!     Err(_elapsed) => job.kill().await?, // only the wait has ended: the container is still running
//! }
//! # Ok(()) }
//! ```
//!
//! # Dropping a call
//! Dropping a future or a stream closes its connection. It does not undo a request that was sent. This is what the engine does
//! then:
//!
//! | dropped call | the engine |
//! |---|---|
//! | a call that only reads | does nothing further |
//! | [`Container::stop`], [`Container::restart`] | completes it |
//! | [`Containers::create`](crate::container::Containers::create) and other changes | may or may not make the change: inspect the object |
//! | [`Container::wait`] | keeps the container running |
//! | [`Container::attach`], [`Exec::start`](crate::exec::Exec::start) | keeps the process running |
//! | [`Images::pull`](crate::image::Images::pull), [`Image::push`](crate::image::Image::push) | Docker stops it; Podman completes it |
//! | [`Images::build`](crate::image::Images::build) | cancels it |
//! | a call with an [`Upload`](crate::Upload) | may have processed a part of the upload |
//!
//! A dropped [`Run`](crate::deploy::Run) removes everything that it created, in the background.
//! [`Cleanup`](crate::deploy::Cleanup) waits for that. After a dropped [`apply`](crate::deploy::Deployment::apply), the next plan
//! begins with the recovery.
//!
//! A timeout has the same effect as dropping the call: the engine may continue. If `head`, `idle` or `whole` was reached, inspect
//! the object before you repeat a change: see [`errors`](super::errors#retrying).
//!
//! # The stop timeout
//! [`Stop::timeout`](crate::container::Stop::timeout) is not a limit of the call. It tells the engine how long to wait between
//! the stop signal and SIGKILL. The call's limits are extended by it, so a slow stop does not fail:
//!
//! ```no_run
//! # use std::time::Duration;
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! docker.container("db").stop().timeout(Duration::from_secs(300)).await?;
//! # Ok(()) }
//! ```
//!
//! By default, the engine waits for the container's own `stop_timeout`, or 10 seconds if it has none. If that is longer than the
//! `head` limit, set the timeout on the call as well. A [`Deployment`](crate::deploy::Deployment) waits for the container's own
//! `stop_timeout`, whatever the client's limits are.

#[allow(unused_imports, reason = "the links of this page")]
use crate::{Limits, container::Container};
