//! Testing code that uses this crate: with a real engine, and without one.
//!
//! | to test | use |
//! |---|---|
//! | a program that needs a database, a broker or a web server | [a real engine](#a-real-engine), with a container for each test |
//! | which calls your code makes, and how it handles errors | [a scripted engine](#a-scripted-engine) |
//! | how your code handles connections that fail | [a custom socket](#a-custom-socket) |
//!
//! Code is easier to test if it takes a [`Docker`](crate::Docker) as an argument instead of creating one.
//!
//! # A real engine
//! [`Run`](crate::deploy::Run) starts a container and waits until it is ready. With
//! [`remove_on_drop`](crate::deploy::Run::remove_on_drop), dropping the [`Running`](crate::deploy::Running) removes the
//! container. Publish the host port 0: the engine then chooses a free port, so tests can run at the same time.
//! [`mapped_port`](crate::container::Container::mapped_port) returns that port.
//!
//! ```no_run
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::{Ready, Run, Running};
//!
//! /// Starts a web server for one test. Returns it with its port on the host.
//! async fn web() -> (Running, u16) {
//!     let docker = Docker::from_env().expect("an engine");
//!     let spec = ContainerSpec::new("nginx:1.27").publish_on([127, 0, 0, 1], 0, 80);
//!     let run = Run::new(spec).ready(Ready::http(80, "/")).remove_on_drop(true);
//!     let web = run.start(&docker).await.expect("a web server");
//!     let port = web.container().mapped_port(80).await.expect("its port");
//!     (web, port)
//! }
//!
//! #[tokio::test]
//! async fn the_page_is_served() {
//!     let (web, port) = web().await;
//!     tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
//!     web.remove_all().await.expect("removed");
//! }
//! # #[tokio::main] async fn main() { let _ = web().await; }
//! ```
//!
//! The last line of the test waits for the removal. If the test panics earlier, `web` is dropped, and a thread with a runtime of
//! its own removes the container. If the process ends before the removal is complete, the container is left behind: see the next
//! section. The crate's example `testing` is a complete program.
//!
//! To skip such tests where there is no engine, return early: `if docker.ping().await.is_err() { return }`. In CI, do not skip: a
//! missing engine should fail the tests.
//!
//! # Leaving nothing behind
//! - A [`Run`](crate::deploy::Run) that fails removes everything that it created. A run that is dropped does so in the
//!   background, and [`Cleanup::finished`](crate::deploy::Cleanup::finished) waits for that. The page of the module
//!   `longshore::blocking` has a guard that waits also after a panic.
//! - A test process that is killed leaves its containers behind. Call [`sweep`](crate::deploy::sweep()) at the start of a test
//!   run. It removes containers of a given age that have exited, or that were started with `remove_on_drop`.
//! - Put a label on objects that you create without a [`Run`](crate::deploy::Run), and remove them by the label:
//!
//! ```no_run
//! use longshore::container::ContainerSpec;
//!
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! let spec = ContainerSpec::new("busybox").label("test", "shop").cmd(["true"]);
//! docker.containers().create(spec).await?; // without a name, so that tests do not conflict
//!
//! for left in docker.containers().list().all(true).label("test=shop").await? {
//!     docker.container(left.id).remove().force(true).volumes(true).await?;
//! }
//! docker.volumes().prune().label("test=shop").await?;
//! docker.networks().prune().label("test=shop").await?;
//! # Ok(()) }
//! ```
//!
//! All tests of a process can share one [`Docker`](crate::Docker), for example in a `static`. Each `#[tokio::test]` has a runtime
//! of its own. The client works in all of them, and opens connections for each.
//!
//! # A deployment
//! Deploy the project to an environment of the test's own. A project without environments accepts any environment name.
//!
//! ```no_run
//! # async fn example(shop: longshore::deploy::Project, docker: longshore::Docker) -> Result<(), longshore::deploy::Failure> {
//! let test = shop.deployment(&format!("test-{}", std::process::id()), &docker)?;
//! test.apply().await?;
//! assert!(test.plan().await?.is_empty(), "nothing has to change");
//! // …
//! test.teardown().volumes(true).await
//! # }
//! ```
//!
//! # A scripted engine
//! With the feature `testing`, the module `longshore::testing` has an engine that follows a script. It expects the script's
//! requests and sends the script's responses. The test fails if the client sends any other request, or does not send all of them.
//! Enable the feature for tests only:
//!
//! ```toml
//! [dependencies]
//! longshore = "0.1"
//!
//! [dev-dependencies]
//! longshore = { version = "0.1", features = ["testing"] }
//! ```
//!
#![cfg_attr(
    feature = "testing",
    doc = r#"```
use longshore::container::ContainerSpec;
use longshore::stream::Source;
use longshore::testing::{Engine, Response, on};
use serde_json::json;

# #[tokio::main(flavor = "current_thread")] async fn main() -> longshore::Result<()> {
let engine = Engine::start([
    on("POST /containers/create?name=job")
        .with_json(json!({"Image": "busybox", "Cmd": ["date"]}))
        .respond(Response::json(201, json!({"Id": "50f1", "Warnings": []}))),
    on("POST /containers/50f1/start"),
    on("GET /containers/50f1/logs?stdout=true&stderr=true")
        .respond(Response::output([(Source::Stdout, "Tue Nov 24\n"), (Source::Stderr, "no NTP\n")])),
    on("DELETE /containers/50f1").respond(Response::error(409, "You cannot remove a running container")),
]);
let docker = engine.client();

let spec = ContainerSpec::new("busybox").cmd(["date"]);
let job = docker.containers().create(spec).name("job").await?;
job.start().await?;
let mut lines = job.logs().await?.lines();
assert_eq!(lines.next().await.expect("a line")?.text, "Tue Nov 24");
drop(lines);
assert!(job.remove().await.expect_err("it is running").is_conflict());
# Ok(()) }
```

See [`testing`](crate::testing) for progress, requests that come any number of times, parts of a body, upgraded connections, responses that wait for the test, and connections that close early."#
)]
//!
//! # A custom socket
//! The client opens each connection with a [`Connect`](crate::Connect). Yours can return an in-memory pipe, whose other end the
//! test controls: it can respond, or close the connection at any point.
//!
//! ```
//! use longshore::{Connect, Connecting, Docker, Version};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! /// An engine without containers: it responds 404 to every request.
//! #[derive(Debug)]
//! struct Empty;
//!
//! impl Connect for Empty {
//!     fn connect(&self) -> Connecting<'_> {
//!         let (client, mut engine) = tokio::io::duplex(64 << 10);
//!         tokio::spawn(async move {
//!             let mut head = Vec::new();
//!             while !head.ends_with(b"\r\n\r\n") {
//!                 head.push(engine.read_u8().await?);
//!             }
//!             let body = r#"{"message":"No such container: web"}"#;
//!             let head = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json";
//!             engine.write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await
//!         });
//!         Box::pin(async { Ok(Box::new(client) as _) })
//!     }
//! }
//!
//! /// The code under test.
//! async fn stop_if_there(docker: &Docker, name: &str) -> longshore::Result<bool> {
//!     match docker.container(name).stop().await {
//!         Err(error) if error.is_not_found() => Ok(false),
//!         other => other.map(|()| true),
//!     }
//! }
//!
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! // A pinned version skips the negotiation. Without the lookup of credentials, no local file is read.
//! let builder = Docker::builder().connector(Empty).api_version(Version::NEWEST).registry_credentials(false);
//! let docker = builder.build()?;
//! assert!(!stop_if_there(&docker, "web").await?);
//! # Ok(()) }
//! ```
//!
//! If the pipe is dropped before the response, the call fails with [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted). If
//! `connect` returns an `Err`, or the pipe is dropped before the request, the call fails with
//! [`Error::is_connect`](crate::Error::is_connect).
//!
//! # Recording the calls
//! An [`Observe`](crate::Observe) receives the method, path template, status and duration of each call. A test can collect these:
//! see [`extending`](crate::extending).
//!
//! # Testing timeouts
//! Timeouts use tokio's clock, so a test with `#[tokio::test(start_paused = true)]` need not wait for them. This works with a
//! custom socket in memory, but not with a real engine.
