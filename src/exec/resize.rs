//! `POST /exec/{id}/resize`

use super::Exec;
use crate::request::{Method, Request, call, unit};

impl Exec {
    /// Changes the size of the process's terminal: its height in lines, and its width in characters.
    ///
    /// `POST /exec/{id}/resize`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such exec. Other errors: it has ended, or is not
    /// started within the 10 s that engines wait for that.
    pub fn resize(&self, height: u32, width: u32) -> Resize {
        Resize(self.request(Method::POST, "/exec/{id}/resize").query("h", height).query("w", width))
    }
}

/// A call of [`Exec::resize`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Resize(Request);

call!(Resize => (), unit);
