//! [`BuildContext`]: the files that a build can use.

use crate::Upload;
use bytes::Bytes;
use std::fmt;
#[cfg(feature = "tar")]
use std::path::{Path, PathBuf};

/// The input of a build: the Dockerfile, and the files that it can copy.
///
/// A build context is a tar archive, a URL that the engine fetches, or, with the feature `tar`, a folder.
pub struct BuildContext(pub(super) Source);

pub(super) enum Source {
    Tar(Upload),
    Remote(String),
    #[cfg(feature = "tar")]
    Folder(PathBuf),
}

impl BuildContext {
    /// Uses a tar archive, uncompressed or compressed with gzip, bzip2, xz or zstd. Requires Docker 23 or later for zstd.
    ///
    /// The archive is sent as it is: a `.dockerignore` in it excludes nothing. Use [`Upload::file`] for an archive in a file.
    #[must_use]
    pub fn tar(archive: impl Into<Upload>) -> Self {
        Self(Source::Tar(archive.into()))
    }

    /// Uses a URL that the engine fetches: a Git repository (`https://example.com/app.git#branch:folder`), a tar
    /// archive, or a single Dockerfile.
    #[must_use]
    pub fn remote(url: impl Into<String>) -> Self {
        Self(Source::Remote(url.into()))
    }

    /// Uses the files of a folder, except those that its `.dockerignore` excludes. Requires the feature `tar`.
    ///
    /// The ignore file is read as the docker CLI reads it, with `**`, `!` and comments. `Dockerfile.dockerignore` takes
    /// precedence over `.dockerignore`, if the Dockerfile is called `Dockerfile`. The Dockerfile is always sent.
    ///
    /// A thread writes the archive while it is sent, and only a small part is in memory at a time. The entries are
    /// sorted by name, belong to root, and keep their modes and times. Symlinks stay symlinks, and hard links become
    /// files. Sockets and devices are left out. A file that cannot be read is an error with its path.
    ///
    /// With BuildKit and the feature `buildkit` there is no archive. The engine requests the files that the Dockerfile
    /// copies, if they have changed since the last build. The Dockerfile can be outside the folder, and hard links stay
    /// hard links. A socket or device among the requested files is an error.
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
    /// Hides the URL, which may contain a password.
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
