//! Exec: further processes in a container that runs. [`Container::exec`](crate::container::Container::exec) makes one,
//! [`Exec`] starts it and tells of it.
//!
//! ```no_run
//! # async fn example(web: longshore::container::Container) -> longshore::Result<()> {
//! let output = web.exec(["nginx", "-t"]).output().await?;
//! println!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
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

    fn request(&self, method: Method, operation: &str) -> Request {
        self.client.request(method, &["exec", &self.id, operation])
    }
}
