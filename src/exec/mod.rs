//! Exec: further processes in a running container.
//!
//! [`Container::exec`](crate::container::Container::exec) creates one. Its [`output`](Create::output) runs a command to
//! its end. [`Exec`] starts it, inspects it and waits for its end.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /containers/web/exec {"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,
//! #         "Cmd":["nginx","-t"]}"#, r#"201 {"Id":"fa51"}"#),
//! #     ("POST /exec/fa51/start", "101 !nginx: configuration file /etc/nginx/nginx.conf test is successful\n"),
//! #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":false,"ExitCode":0}"#),
//! #     ("POST /containers/web/exec", r#"201 {"Id":"0c3e"}"#),
//! #     (r#"POST /exec/0c3e/start {"Detach":true,"Tty":false}"#, "200"),
//! #     ("GET /exec/0c3e/json", r#"200 {"ID":"0c3e","Running":false,"ExitCode":0}"#),
//! # ]);
//! let web = docker.container("web");
//! let test = web.exec(["nginx", "-t"]).output().await?;
//! assert!(test.status.success());
//! assert!(test.stderr_text().ends_with("test is successful\n"));
//!
//! let reload = web.exec(["nginx", "-s", "reload"]).user("root").await?;
//! reload.start().detached().await?; // without reading its output
//! assert!(reload.wait().await?.success());
//! # Ok(()) }
//! ```

mod create;
mod exec_inspect;
mod inspect;
mod output;
mod resize;
mod start;
mod wait;

pub use create::Create;
pub use exec_inspect::{ExecInspect, ProcessConfig};
pub use inspect::Inspect;
pub use output::Output;
pub use resize::Resize;
pub use start::Start;
pub use wait::Wait;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to an exec that was created before, by its ID. Sends no request: the first call fails if the
    /// exec does not exist.
    #[must_use]
    pub fn exec(&self, id: impl Into<String>) -> Exec {
        Exec { client: self.client().clone(), id: id.into(), tty: None }
    }
}

/// An exec: a process in a container, started or not. Cheap to clone.
///
/// Engines discard an exec some minutes after it has ended.
#[derive(Clone, Debug)]
pub struct Exec {
    client: Arc<Client>,
    id: String,
    /// Whether the process has a terminal; `None` if the exec was created elsewhere.
    tty: Option<bool>,
}

impl Exec {
    /// Returns the exec's ID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
