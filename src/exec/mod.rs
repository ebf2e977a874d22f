//! Exec: further processes in a container that runs. [`Container::exec`](crate::container::Container::exec) makes one,
//! [`Exec`] starts it and tells of it.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     (r#"POST /containers/web/exec {"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,
//! #         "Cmd":["nginx","-t"]}"#, r#"201 {"Id":"fa51"}"#),
//! #     ("POST /exec/fa51/start", "101 !nginx: configuration file /etc/nginx/nginx.conf test is successful\n"),
//! #     ("GET /exec/fa51/json", r#"200 {"ID":"fa51","Running":false,"ExitCode":0}"#),
//! # ]);
//! let web = docker.container("web");
//! let output = web.exec(["nginx", "-t"]).output().await?;
//! assert!(output.status.success());
//! assert!(output.stderr_text().ends_with("test is successful\n"));
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
    /// An exec that was made before, by its id. No I/O: whether there is one, the first call says.
    #[must_use]
    pub fn exec(&self, id: impl Into<String>) -> Exec {
        Exec { client: self.client().clone(), id: id.into(), tty: None }
    }
}

/// A process in a container, to be started or started already; cheap to clone.
///
/// Engines forget it some minutes after it has ended.
#[derive(Clone, Debug)]
pub struct Exec {
    client: Arc<Client>,
    id: String,
    /// Whether it has a terminal; not known of one that was made elsewhere.
    tty: Option<bool>,
}

impl Exec {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn request(&self, method: Method, path: &'static str) -> Request {
        self.client.request(method, path, &[&self.id])
    }
}
