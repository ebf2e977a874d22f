//! [`BuildContext`]: the files that a build can use.

use crate::Upload;
use crate::endpoint::split_scheme;
use bytes::Bytes;
use std::fmt;
#[cfg(feature = "tar")]
use std::path::Path;
use std::path::PathBuf;

/// The input of a build: the Dockerfile, and the files that it can copy.
///
/// A build context is a tar archive, a URL that the engine fetches, or, with the feature `tar`, a folder.
///
/// A text is a URL if it has a scheme such as `https://`, or begins with `git@` or `github.com/`. Any other text is the path
/// of a folder.
///
/// ```no_run
/// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
/// docker.images().build(".").tag("web:1").await?;
/// docker.images().build("https://example.com/web.git#main").tag("web:1").await?;
/// # Ok(()) }
/// ```
pub struct BuildContext(pub(super) Source);

pub(super) enum Source {
    Tar(Upload),
    Remote(String),
    #[cfg_attr(not(feature = "tar"), allow(dead_code, reason = "the feature `tar` reads folders"))]
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
    /// precedence over `.dockerignore`, if the Dockerfile is called `Dockerfile`. The Dockerfile is always sent. A pattern
    /// with a `^` beside wildcards and outside brackets is an error, because the CLI reads it as an anchor: write `\^`.
    ///
    /// A thread writes the archive while it is sent, and only a small part is in memory at a time. The entries are
    /// sorted by name, belong to root, and keep their modes and times. Symlinks stay symlinks, and hard links become
    /// files. Sockets and devices are left out. A file that cannot be read is an error with its path.
    ///
    /// With BuildKit and the feature `buildkit` there is no archive. The engine requests the files that the Dockerfile
    /// copies, if they have changed since the last build. The Dockerfile can be outside the folder, and hard links stay
    /// hard links. Sockets are left out. A device among the requested files is an error.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// let built = docker.images().build("web").dockerfile("docker/Dockerfile").tag("web:1").await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tar")]
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self(Source::Folder(path.into()))
    }

    /// Uses the text of a Dockerfile, without any other file, as `docker build - <Dockerfile` does. Requires the feature
    /// `tar`.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::image::BuildContext;
    ///
    /// let context = BuildContext::dockerfile("FROM alpine\nRUN apk add curl");
    /// docker.images().build(context).tag("curl:1").await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tar")]
    #[must_use]
    pub fn dockerfile(text: impl AsRef<str>) -> Self {
        Self::tar(archive_of("Dockerfile", text.as_ref().as_bytes()))
    }
}

/// Returns a tar archive of one file.
#[cfg(feature = "tar")]
fn archive_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    let mut archive = tar::Builder::new(Vec::new());
    let written = archive.append_data(&mut header, name, content).and_then(|()| archive.into_inner());
    written.unwrap_or_default() // writing to memory cannot fail
}

/// Whether a text is a URL, and not the path of a folder.
fn is_url(text: &str) -> bool {
    split_scheme(text).is_some_and(|(scheme, _)| !scheme.is_empty())
        || text.starts_with("git@")
        || text.starts_with("github.com/")
}

impl From<&str> for BuildContext {
    /// Uses a URL, or the files of a folder: see [`BuildContext`].
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for BuildContext {
    /// Uses a URL, or the files of a folder: see [`BuildContext`].
    fn from(text: String) -> Self {
        Self(if is_url(&text) { Source::Remote(text) } else { Source::Folder(text.into()) })
    }
}

impl From<&String> for BuildContext {
    /// Uses a URL, or the files of a folder: see [`BuildContext`].
    fn from(text: &String) -> Self {
        text.clone().into()
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
impl From<&PathBuf> for BuildContext {
    fn from(folder: &PathBuf) -> Self {
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
            Source::Folder(path) => path,
        };
        f.debug_tuple("BuildContext").field(source).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{BuildContext, Source};

    #[test]
    fn a_text_is_a_url_or_a_folder() {
        for url in [
            "https://example.com/web.git#main:docker",
            "http://example.com/web.tar.gz",
            "git://example.com/web",
            "ssh://git@example.com/web.git",
            "git@github.com:example/web.git",
            "github.com/example/web",
            "docker-image://alpine",
        ] {
            assert!(matches!(BuildContext::from(url).0, Source::Remote(same) if same == url), "{url}");
        }
        for folder in [".", "web", "../web", "/srv/web", "C:\\web", "a b://c", "://a", "github.com", "https:/a"] {
            let context = BuildContext::from(folder.to_owned());
            assert!(matches!(context.0, Source::Folder(same) if same.as_os_str() == folder), "{folder}");
        }
    }
}
