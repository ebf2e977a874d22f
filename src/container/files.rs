//! What the calls that read and copy files of a container have in common.

use super::get_archive::archived;
use super::stat_path::statted;
use super::{Archive, Container, PathStat};
use crate::request::{Method, Request, unit};
use crate::{Error, ErrorKind, Limits, Result};
use std::path::Path;
use tokio::time::Instant;

/// How many symbolic links in a row are followed.
const LINKS: usize = 16;

/// The parts of a call about a path in a container. It may send several requests.
#[derive(Clone, Debug)]
pub(super) struct FileCall {
    container: Container,
    pub(super) path: String,
    /// The main request.
    request: Request,
}

impl FileCall {
    pub(super) fn new(container: &Container, method: Method, path: &str) -> Self {
        let request = container.archive(method, path);
        Self { container: container.clone(), path: path.to_owned(), request }
    }

    pub(super) fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    /// Starts the call: its `whole` limit bounds all of its requests together.
    pub(super) fn begin(self) -> Self {
        Self { request: self.request.since_begun(Instant::now()), ..self }
    }

    /// Follows symbolic links to the end, and returns the final path and its metadata; `None` if nothing is there.
    pub(super) async fn follow(&self) -> Result<(String, Option<PathStat>)> {
        let mut path = self.path.clone();
        for _ in 0..LINKS {
            let stat = self.container.archive(Method::HEAD, &path).part_of(&self.request);
            match statted(stat).await {
                // Podman reports a target for regular files too: their own path.
                Ok(stat) if stat.is_symlink() => path = stat.link_target.unwrap_or_default(),
                Ok(stat) => return Ok((path, Some(stat))),
                Err(error) if error.is_not_found() => return Ok((path, None)),
                Err(error) => return Err(error),
            }
        }
        let message = format!("cannot follow {}: there are too many levels of symbolic links", self.named());
        Err(self.failure(ErrorKind::Input, message))
    }

    /// Fails if the container does not exist: the engine responds to a path of it as to a path that does not exist.
    pub(super) async fn check_container(&self) -> Result<()> {
        unit(self.container.get("/containers/{id}/json").part_of(&self.request)).await
    }

    /// Returns the main request, for this path.
    pub(super) fn at(&self, path: &str) -> Request {
        self.request.clone().query("path", path)
    }

    /// Sends the main request, for this path, and returns the archive in its response.
    pub(super) async fn get(&self, path: &str) -> Result<Archive> {
        archived(self.at(path)).await
    }

    /// Names the path for error messages: `/etc/hosts of the container web`.
    pub(super) fn named(&self) -> String {
        format!("{} of the container {}", self.path, self.container.id())
    }

    pub(super) fn failure(&self, kind: ErrorKind, message: String) -> Error {
        Error::new(kind, message).in_call(|| self.request.label().to_string())
    }
}

/// Returns whether a path means the contents of a directory instead of the directory itself: `.`, or `/.` at the end.
pub(super) fn means_contents(path: &Path) -> bool {
    let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    let mut end = path.as_os_str().as_encoded_bytes().iter().rev().skip_while(|byte| is_separator(byte));
    end.next() == Some(&b'.') && end.next().is_none_or(is_separator)
}

#[cfg(test)]
mod tests {
    use super::means_contents;
    use std::path::Path;

    #[test]
    fn a_dot_at_the_end_means_contents() {
        for path in [".", "./", "/.", "a/.", "a/./", "../.", "a b//."] {
            assert!(means_contents(Path::new(path)), "{path}");
        }
        for path in ["", "/", "..", "a", "a.", "a/..", "a/b.", "./a", ".a", "a/"] {
            assert!(!means_contents(Path::new(path)), "{path}");
        }
    }
}
