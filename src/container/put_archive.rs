//! `PUT /containers/{id}/archive`

use super::Container;
use crate::Upload;
use crate::request::{Method, Request, call, unit};

impl Container {
    /// Unpacks a tar archive into a directory of the container. The container may be running or stopped.
    ///
    /// The directory must exist. The archive may be compressed with gzip, bzip2, xz, or zstd (Docker 23.0 or later).
    /// Files keep the numeric user and group IDs of the archive, unless [`copy_uid_gid`](PutArchive::copy_uid_gid) is
    /// set. The directory itself keeps its owner and permissions: to restore those too, read the archive without `/.` at the end of its
    /// path, and unpack it into the parent.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("PUT /containers/web/archive?path=/srv", "200"),
    /// # ]);
    /// # let web = docker.container("web");
    /// # let temporary = tempfile::tempdir()?;
    /// # let folder = temporary.path();
    /// # std::fs::write(folder.join("site.tar"), "tar")?;
    /// use longshore::Upload;
    ///
    /// web.put_archive("/srv", Upload::file(folder.join("site.tar"))).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `PUT /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container or the directory does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the path is not a directory, or is read-only. Docker 20.10
    /// responds with status 500 instead.
    /// [`ErrorKind::Upload`](crate::ErrorKind::Upload) if reading the archive fails. The engine may have unpacked a
    /// part of it.
    /// A [`status`](crate::Error::status) of 500 if the upload is not a tar archive, or is cut off.
    pub fn put_archive(&self, path: impl AsRef<str>, tar: impl Into<Upload>) -> PutArchive {
        PutArchive(self.archive(Method::PUT, path.as_ref()).upload("application/x-tar", tar))
    }
}

/// A call of [`Container::put_archive`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct PutArchive(Request);

impl PutArchive {
    /// Fails if a file of the archive would replace a directory, or a directory a file. Defaults to `false`: they are
    /// replaced.
    pub fn no_overwrite_dir_non_dir(self, refuse: bool) -> Self {
        Self(self.0.query("noOverwriteDirNonDir", refuse))
    }

    /// Changes the owner of the files to the container's user, if one was set when it was created. Defaults to `false`:
    /// files keep the owners of the archive.
    pub fn copy_uid_gid(self, copy: bool) -> Self {
        Self(self.0.query("copyUIDGID", copy))
    }
}

call!(PutArchive => (), unit);
