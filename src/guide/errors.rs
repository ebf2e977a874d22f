//! The errors of a call, what to do about each, and when a retry is safe.
//!
//! Every call returns [`Result`](crate::Result), with the error type [`Error`]. The module [`deploy`](crate::deploy) has an error
//! type of its own: [`Failure`](crate::deploy::Failure), which may contain an [`Error`].
//!
//! # Reading an error
//! `Display` shows the call, the engine's message, the status code, and often what to do. The text is for people and may change.
//! It never contains a secret.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() {
//! # let docker = engine(&[("POST /containers/web/start", r#"404 {"message":"No such container: web"}"#)]);
//! let error = docker.container("web").start().await.unwrap_err();
//! assert_eq!(error.to_string(), "POST /containers/web/start: No such container: web (404 Not Found)");
//! assert_eq!(error.call(), Some("POST /containers/web/start"));
//! assert_eq!(error.message(), "No such container: web");
//! assert_eq!(error.status(), Some(404));
//! assert!(error.is_not_found());
//! # }
//! ```
//!
//! # Predicates
//! Test an error with a predicate first. Predicates hide differences between engines: Docker, for example, reports a registry's
//! 401 as 500.
//!
//! | predicate | meaning | what to do |
//! |---|---|---|
//! | [`is_not_found`](Error::is_not_found) | the engine or the registry does not have the object (404) | create or pull it; a removal has nothing left to do |
//! | [`is_conflict`](Error::is_conflict) | the current state forbids the call (409): a name is in use, a container is running | inspect the object, then decide |
//! | [`is_in_use`](Error::is_in_use) | a container or a service uses the object | remove that container or service first |
//! | [`is_invalid`](Error::is_invalid) | an argument is invalid: refused before anything was changed, or by the engine (400) | correct it; a retry does not help |
//! | [`is_unauthorized`](Error::is_unauthorized) | credentials are missing or invalid (401) | see [`credentials`](super::credentials) |
//! | [`is_forbidden`](Error::is_forbidden) | the engine, its authorization plugin or a registry forbids the call (403) | ask its administrator; for a registry, see [`credentials`](super::credentials) |
//! | [`is_timeout`](Error::is_timeout) | a limit was reached; the engine may continue | see [`timeouts`](super::timeouts) |
//! | [`is_connect`](Error::is_connect) | no connection to the engine; nothing was sent | start the engine or select another one; a retry is safe |
//! | [`is_version`](Error::is_version) | the engine's API lacks a parameter or field that you set | see [`versions`](super::versions) |
//! | [`is_no_swarm_manager`](Error::is_no_swarm_manager) | the engine is not an active swarm manager | send the call to a manager |
//! | [`is_out_of_sequence`](Error::is_out_of_sequence) | a swarm object was changed concurrently | call `update` again, or set its `attempts` |
//!
//! For any other status code, use [`Error::status`].
//!
//! # Kinds
//! [`Error::kind`] tells how the call failed. Match on it where there is no predicate.
//!
//! | kind | cause | has the engine processed the request? |
//! |---|---|---|
//! | [`Input`](ErrorKind::Input) | an argument is invalid, or does not fit the object | no, nothing was changed |
//! | [`Config`](ErrorKind::Config) | the environment or a file is invalid, or a credential helper failed | no, nothing was sent |
//! | [`Connect`](ErrorKind::Connect) | no connection to the engine | no, nothing was sent; for `ssh://` see [`is_connect`](Error::is_connect) |
//! | [`Version`](ErrorKind::Version) | the engine's API version lacks a setting, or is not supported | no |
//! | [`Status`](ErrorKind::Status) | the engine responded with an error | usually no |
//! | [`Stream`](ErrorKind::Stream) | the engine reported an error inside a stream | in part |
//! | [`Upload`](ErrorKind::Upload) | the upload could not be read, or its length differs from the announced one | perhaps in part |
//! | [`LocalFile`](ErrorKind::LocalFile) | a local file to copy from or to cannot be read or written | not in the container; a local directory perhaps in part |
//! | [`Timeout`](ErrorKind::Timeout) | a limit was reached | unknown |
//! | [`Interrupted`](ErrorKind::Interrupted) | the connection closed before the response was complete, or the engine ended an archive early | unknown |
//! | [`Decode`](ErrorKind::Decode) | the response does not follow the API's documentation | usually yes |
//! | [`TooLarge`](ErrorKind::TooLarge) | the response is larger than the call reads into memory | usually yes |
//! | [`NotConverged`](ErrorKind::NotConverged) | a swarm service did not reach its desired state | yes |
//!
//! # Retrying
//! The crate itself retries in three cases:
//!
//! - A kept connection turns out to be closed. The request is retried if no byte of it was sent, or if it only reads (`GET`,
//!   `HEAD`). Uploads always use a new connection.
//! - A registry rejects the credentials that were found. The call looks them up again and is retried once, unless it has an
//!   upload.
//! - The engine was replaced by one that refuses the negotiated API version. The call negotiates again and is retried once,
//!   unless it has an upload.
//!
//! Follow the same rule in your own retries: retry calls that only read, and calls that were not sent. After `Timeout` or
//! `Interrupted`, inspect the object before you repeat a change.
//!
//! ```no_run
//! use longshore::{Docker, ErrorKind};
//! use std::time::Duration;
//!
//! # async fn example(docker: Docker) -> longshore::Result<()> {
//! // Waits for an engine that is starting.
//! let mut tries = 0;
//! while let Err(error) = docker.ping().await {
//!     tries += 1;
//!     let may_pass = error.is_connect() || error.is_timeout() || error.kind() == ErrorKind::Interrupted;
//!     if !may_pass || tries == 30 {
//!         return Err(error);
//!     }
//!     tokio::time::sleep(Duration::from_secs(1)).await;
//! }
//!
//! // Removes the container if it exists: safe to repeat.
//! match docker.container("job").remove().force(true).await {
//!     Err(error) if error.is_not_found() => {}
//!     other => other?,
//! }
//! # Ok(()) }
//! ```
//!
//! # Errors in streams
//! A call that returns a stream can fail when it is awaited, and its stream can fail later at `next()`. An error is the last item
//! of a stream. If the connection closes early, the last item is an `Err` too. A stream that ends without an `Err` is complete.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27", concat!("200 ",
//! #     r#"{"status":"Pulling fs layer","id":"6e90"}"#, "\r\n", r#"{"errorDetail":{"message":"no space left on device"}}"#, "\r\n"))]);
//! use longshore::ErrorKind;
//!
//! let mut steps = docker.images().pull("nginx:1.27").stream().await?;
//! while let Some(step) = steps.next().await {
//!     match step {
//!         Ok(step) => println!("{:?}", step.status),
//!         Err(error) => assert_eq!(error.kind(), ErrorKind::Stream),
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! # Exit codes
//! An exit code is data, not an error. [`Container::wait`](crate::container::Container::wait),
//! [`Exec::wait`](crate::exec::Exec::wait) and [`Run::to_completion`](crate::deploy::Run::to_completion) return any code as an
//! [`ExitStatus`](crate::container::ExitStatus).
//!
//! | code | usual meaning |
//! |---|---|
//! | 126, 127 | the program of an exec is missing or could not be started: its output says why |
//! | 137 | SIGKILL: sent after the stop timeout, or because the container ran out of memory ([`ContainerState::oom_killed`](crate::container::ContainerState::oom_killed)) |
//! | 143 | SIGTERM |
//! | -1 | the engine gave up waiting |
//!
//! # Failed deployments
//! A [`Failure`](crate::deploy::Failure) has the step that failed, the cause, the container's state and last log lines. It also has
//! the errors of removals that failed too, and of starting the container again that ran before.
//!
//! ```no_run
//! use longshore::deploy::{Cause, Ready, Run};
//!
//! # async fn example(docker: longshore::Docker) {
//! if let Err(failure) = Run::new("nginx:1.27").ready(Ready::http(80, "/")).start(&docker).await {
//!     match failure.cause() {
//!         Cause::Exited(exit) => eprintln!("it ended with {exit}"),
//!         Cause::NotReady { outcome, .. } => eprintln!("not ready in time: {outcome}"),
//!         Cause::Call(error) if error.is_not_found() => eprintln!("there is no such image"),
//!         _ => eprintln!("{failure}"),
//!     }
//!     for line in failure.logs() {
//!         eprintln!("  {line}");
//!     }
//! }
//! # }
//! ```

#[allow(unused_imports, reason = "the links of this page")]
use crate::{Error, ErrorKind};
