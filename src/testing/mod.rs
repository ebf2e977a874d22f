//! A scripted engine, for the tests of code that uses this crate. Requires the feature `testing`.
//!
//! An [`Engine`] listens on a real socket. It expects the requests of its script, in order, and sends the script's responses. The
//! test fails if the client sends any other request, or not all of them. You need no Docker Engine.
//!
//! ```
//! use longshore::testing::{Engine, Response, on};
//! use longshore::{Docker, Result};
//!
//! /// Stops a container, unless there is none.
//! async fn stop(docker: &Docker, name: &str) -> Result<bool> {
//!     match docker.container(name).stop().await {
//!         Err(error) if error.is_not_found() => Ok(false),
//!         stopped => stopped.map(|()| true),
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
//! let engine = Engine::start([
//!     on("POST /containers/web/stop").respond(Response::status(204)),
//!     on("POST /containers/db/stop").respond(Response::error(404, "No such container: db")),
//! ]);
//! let docker = engine.client();
//! assert!(stop(&docker, "web").await?);
//! assert!(!stop(&docker, "db").await?);
//! # Ok(()) } // the drop of the engine checks that the whole script was played
//! ```
//!
//! The engine runs on threads of its own, so it works with every runtime, and with code that is not async.
//!
//! For tests on a real engine, see [`Run::remove_on_drop`](crate::deploy::Run::remove_on_drop). The
//! [guide](crate::guide::testing) describes both kinds of test.

mod engine;
mod exchange;
mod received;
mod response;

pub use engine::Engine;
pub use exchange::{Exchange, on};
pub use received::ReceivedRequest;
pub use response::Response;
