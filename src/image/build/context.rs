//! [`BuildContext`]: what a build's Dockerfile can copy from.

use crate::Upload;
use bytes::Bytes;
use std::fmt;
#[cfg(feature = "tar")]
use std::path::{Path, PathBuf};

/// What an image is built from: the Dockerfile, and the files that it can copy.
///
/// It is a tar archive, a URL that the engine fetches, or, with the feature `tar`, a folder.
pub struct BuildContext(pub(super) Source);

pub(super) enum Source {
    Tar(Upload),
    Remote(String),
    #[cfg(feature = "tar")]
    Folder(PathBuf),
}

impl BuildContext {
    /// The files of a tar archive, as it is or compressed by gzip, bzip2, xz or zstd (zstd by Docker 23 or newer).
    ///
    /// The archive is not looked into: a `.dockerignore` in it leaves nothing out of it. One that is a file is an
    /// [`Upload::file`].
    #[must_use]
    pub fn tar(archive: impl Into<Upload>) -> Self {
        Self(Source::Tar(archive.into()))
    }

    /// What the engine fetches from a URL: a Git repository (`https://example.com/app.git#branch:folder`), a tar archive,
    /// or a Dockerfile alone.
    #[must_use]
    pub fn remote(url: impl Into<String>) -> Self {
        Self(Source::Remote(url.into()))
    }

    /// The files of a folder, without those that its `.dockerignore` leaves out. Needs the feature `tar`.
    ///
    /// The ignore file is read as docker reads it, with `**`, `!` and comments; `Dockerfile.dockerignore` goes before
    /// `.dockerignore`, if the Dockerfile is called `Dockerfile`. The Dockerfile is always sent.
    ///
    /// The archive is made by a thread while it is sent, and little of it is in memory at a time. Its entries are sorted
    /// by name, belong to root, and keep their modes and times; symlinks stay symlinks, hard links become files, and
    /// sockets and devices are left out. A file that cannot be read is an error that names it.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::image::BuildContext;
    ///
    /// let built = docker.images().build(BuildContext::folder("web")).dockerfile("docker/Dockerfile").tag("web:1").await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tar")]
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self(Source::Folder(path.into()))
    }
}

impl From<Upload> for BuildContext {
    fn from(archive: Upload) -> Self {
        Self::tar(archive)
    }
}

impl From<Bytes> for BuildContext {
    fn from(archive: Bytes) -> Self {
        Self::tar(archive)
    }
}

impl From<Vec<u8>> for BuildContext {
    fn from(archive: Vec<u8>) -> Self {
        Self::tar(archive)
    }
}

#[cfg(feature = "tar")]
impl From<PathBuf> for BuildContext {
    fn from(folder: PathBuf) -> Self {
        Self::folder(folder)
    }
}

#[cfg(feature = "tar")]
impl From<&Path> for BuildContext {
    fn from(folder: &Path) -> Self {
        Self::folder(folder)
    }
}

impl fmt::Debug for BuildContext {
    /// Without a URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source: &dyn fmt::Debug = match &self.0 {
            Source::Tar(upload) => upload,
            Source::Remote(_) => &"a URL",
            #[cfg(feature = "tar")]
            Source::Folder(path) => path,
        };
        f.debug_tuple("BuildContext").field(source).finish()
    }
}
