//! `HEAD /containers/{id}/archive`

use super::archive::stat;
use super::{Container, PathStat};
use crate::request::{Method, Request, call, send};
use crate::{Error, Result};

impl Container {
    /// Tells what is at a path in the container, whether it runs or not: a file, a directory, where a link leads.
    ///
    /// The last part of the path is not followed if it is a link. With a `/` or `/.` behind it has to be a directory.
    ///
    /// `HEAD /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`]: there is no such container, or nothing at the path.
    /// [`Error::is_invalid`]: it has to be a directory, and is none (status 500 with Docker 20.10).
    pub fn stat_path(&self, path: impl AsRef<str>) -> StatPath {
        StatPath(self.archive(Method::HEAD, path.as_ref()))
    }
}

/// A call of [`Container::stat_path`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct StatPath(Request);

call!(StatPath => PathStat, statted);

async fn statted(request: Request) -> Result<PathStat> {
    let answer = send(request).await.map_err(advise)?;
    let stat = stat(&answer)?;
    answer.finish().await.map(|()| stat)
}

/// An answer to HEAD has no words.
fn advise(error: Error) -> Error {
    match error.status() {
        Some(404) => error.with_hint("there is no such container, or nothing at the path"),
        Some(400) => error.with_hint("it is no directory, as the path has it"),
        _ => error,
    }
}
