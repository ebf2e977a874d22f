//! `PUT /containers/{id}/archive`

use super::Container;
use crate::Upload;
use crate::request::{Method, Request, call, unit};

impl Container {
    /// Unpacks a tar archive in a directory of the container, whether it runs or not.
    ///
    /// The archive may be compressed, with gzip, bzip2 or xz (zstd since Docker 23.0). The directory has to be there. Files
    /// belong to whom the archive says, by the numbers, unless [asked otherwise](PutArchive::copy_uid_gid).
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
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container, or nothing at the path.
    /// [`Error::is_invalid`](crate::Error::is_invalid): the path is no directory, or may only be read (status 500 with
    /// Docker 20.10).
    /// [`ErrorKind::Upload`](crate::ErrorKind::Upload): what the archive is read from failed. What precedes it may be
    /// unpacked then. A [`status`](crate::Error::status) of 500: it is no tar archive, or is cut off.
    pub fn put_archive(&self, path: impl AsRef<str>, tar: impl Into<Upload>) -> PutArchive {
        PutArchive(self.archive(Method::PUT, path.as_ref()).upload("application/x-tar", tar))
    }
}

/// A call of [`Container::put_archive`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct PutArchive(Request);

impl PutArchive {
    /// Whether it is an error if a file of the archive would replace a directory, or a directory a file; by default they
    /// are replaced.
    pub fn no_overwrite_dir_non_dir(self, refuse: bool) -> Self {
        Self(self.0.query("noOverwriteDirNonDir", refuse))
    }

    /// Whether files belong to the user that the container was told to run as, if it was; by default they belong to whom
    /// the archive says.
    pub fn copy_uid_gid(self, copy: bool) -> Self {
        Self(self.0.query("copyUIDGID", copy))
    }
}

call!(PutArchive => (), unit);
