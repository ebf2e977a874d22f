//! Extending longshore: custom sockets, observers, untyped calls, deployment hooks and engine plugins. This module holds only
//! documentation: it has no items.
//!
//! # Custom sockets: [`Connect`](crate::Connect)
//! The client can use anything that reads and writes bytes: a tunnel, a Windows named pipe, a connection within a test.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let script: &'static [(&'static str, &'static str)] = &[("POST /containers/web/start", "204")];
//! # let _ = (engine, Scripted);
//! # let bastion = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let address = bastion.local_addr()?;
//! # tokio::spawn(async move {
//! #     let (mut client, _) = bastion.accept().await.expect("a client");
//! #     let (mut tunnel, engine) = tokio::io::duplex(64 << 10);
//! #     tokio::spawn(serve(engine, std::sync::Arc::new(std::sync::Mutex::new(script))));
//! #     tokio::io::copy_bidirectional(&mut client, &mut tunnel).await
//! # });
//! use longshore::{Connect, Connecting, Docker, Version};
//! use std::net::SocketAddr;
//! use tokio::net::TcpStream;
//!
//! #[derive(Debug)]
//! struct Tunnel(SocketAddr);
//!
//! impl Connect for Tunnel {
//!     fn connect(&self) -> Connecting<'_> {
//!         Box::pin(async { Ok(Box::new(TcpStream::connect(self.0).await?) as _) })
//!     }
//! }
//!
//! let docker = Docker::builder().connector(Tunnel(address)).api_version(Version::NEWEST).build()?;
//! docker.container("web").start().await?;
//! # Ok(()) }
//! ```
//!
//! # Observing calls: [`Observe`](crate::Observe)
//! The client calls an observer at the start of each call, and at the head of its response, its failure, or when it is dropped
//! before that. Use it for metrics and tests. The feature `tracing` opens a span for each call as well.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let script: &'static [(&'static str, &'static str)] = &[("POST /containers/web/start", "204")];
//! # let connector = Scripted(std::sync::Arc::new(std::sync::Mutex::new(script)));
//! # let _ = engine;
//! use longshore::{Docker, Observe, Observed};
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! #[derive(Clone, Debug, Default)]
//! struct Calls(Arc<AtomicU64>);
//!
//! impl Observe for Calls {
//!     fn answered(&self, call: &Observed<'_>) {
//!         self.0.fetch_add(1, Ordering::Relaxed);
//!         println!("{} {} took {:?}", call.method, call.template, call.duration);
//!     }
//! }
//!
//! let calls = Calls::default();
//! # let docker = Docker::builder().connector(connector).api_version(longshore::Version::NEWEST).observe(calls.clone()).build()?;
//! # #[cfg(any())]
//! let docker = Docker::builder().observe(calls.clone()).build()?;
//! docker.container("web").start().await?;
//! assert_eq!(calls.0.load(Ordering::Relaxed), 1);
//! # Ok(()) }
//! ```
//!
//! # Untyped operations: [`Docker::raw`](crate::Docker::raw)
//! Sends a request with any method and path. Connections, limits, errors and the API version are those of every call.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[("GET /containers/web/checkpoints?dir=/var/checkpoints", r#"200 [{"Name":"before-update"}]"#)]);
//! let checkpoints: serde_json::Value =
//!     docker.raw("GET", ["containers", "web", "checkpoints"]).query("dir", "/var/checkpoints").await?.json().await?;
//! assert_eq!(checkpoints[0]["Name"], "before-update");
//! # Ok(()) }
//! ```
//!
//! # Deployments: hooks and events
//! [`Deployment::on_ready`](crate::deploy::Deployment::on_ready) runs a function once a new container is ready and
//! before the old one stops, for example to switch a proxy over. It also runs for a container that a rollback, a restart or
//! the supervisor has started, but not on a swarm. If the old container has to stop first, it has stopped by then.
//! [`Service::before`](crate::deploy::Service::before) runs a container before a new version starts, for example a migration.
//! [`Deployment::observe`](crate::deploy::Deployment::observe) calls a function at each step.
//!
//! ```no_run
//! use longshore::deploy::{Project, Service};
//!
//! # async fn example(docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
//! let web = Service::new("shop:1.4").before(longshore::container::ContainerSpec::new("shop:1.4").cmd(["migrate"]));
//! let prod = Project::new("shop").service("web", web).deployment("prod", &docker)?;
//! prod.observe(|event| println!("{event:?}"))
//!     .on_ready(|target, container| async move {
//!         let address = container.inspect().await?.network_settings.networks.values().find_map(|on| on.ip_address.clone());
//!         println!("the proxy sends to {target} at {address:?} now");
//!         Ok(())
//!     })
//!     .apply()
//!     .await
//! # }
//! ```
//!
//! # Extending the engine: [`plugin`](crate::plugin)
//! Engine plugins provide drivers for volumes, networks and logs, and authorization. [`Docker::plugins`](crate::Docker::plugins)
//! installs them, and [`Docker::plugin`](crate::Docker::plugin) configures and enables one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"GET /plugins?filters={"capability":{"volumedriver":true},"enabled":{"true":true}}"#, r#"200 [{"Name":"sshfs:latest"}]"#),
//! #     (r#"POST /volumes/create {"Name":"remote","Driver":"sshfs"}"#, r#"201 {"Name":"remote"}"#),
//! # ]);
//! use longshore::volume::VolumeSpec;
//!
//! let drivers = docker.plugins().list().capability("volumedriver").enabled(true).await?;
//! assert_eq!(drivers[0].name, "sshfs:latest");
//! docker.volumes().create(VolumeSpec::new("remote").driver("sshfs")).await?;
//! # Ok(()) }
//! ```
