//! `POST /exec/{id}/resize`

use super::Exec;
use crate::request::{Method, Request, call, unit};

impl Exec {
    /// Resizes the process's terminal: `height` in lines, `width` in characters.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /exec/fa51/resize?h=24&w=80", "200")]);
    /// docker.exec("fa51").resize(24, 80).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /exec/{id}/resize`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the exec does not exist.
    /// Other errors if the process has ended. Also if it is not started within 10 seconds, which is how long engines
    /// wait for its start.
    pub fn resize(&self, height: u32, width: u32) -> Resize {
        Resize(self.request(Method::POST, "/exec/{id}/resize").query("h", height).query("w", width))
    }
}

/// A call of [`Exec::resize`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Resize(Request);

call!(Resize => (), unit);
