//! `GET /containers/{id}/archive`

use super::archive::stat;
use super::{Container, PathStat};
use crate::Result;
use crate::request::{Method, Request, call, send};
use crate::stream::ByteStream;

impl Container {
    /// Reads a file or directory of the container as a tar archive, whether it runs or not.
    ///
    /// Names in the archive begin with the last part of the path; with `/.` behind a directory, they begin in it. A link
    /// at the end of the path is not followed. As long as the archive is not read to its end or dropped, the engine keeps
    /// the container locked.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/archive?path=/var/log", concat!("200 X-Docker-Container-Path-Stat: ",
    /// #      "eyJuYW1lIjogImxvZyIsICJzaXplIjogNDA5NiwgIm1vZGUiOiAyMTQ3NDg0MTQxLCAibXRpbWUiOiAiMjAyNi0xMS0yNFQwODozMDowMFoiLCAibGlua1RhcmdldCI6ICIifQ==",
    /// #      "\r\n\r\n", "a tar archive")),
    /// # ]);
    /// # let web = docker.container("web");
    /// let mut logs = web.get_archive("/var/log").await?;
    /// assert!(logs.stat.is_dir());
    /// let mut tar = Vec::new(); // anything that tokio can write
    /// tokio::io::copy(&mut logs.tar, &mut tar).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container, or nothing at the path.
    /// [`Error::is_invalid`](crate::Error::is_invalid): there is a `/` behind the path, and it is no directory (status 500
    /// with Docker 20.10).
    pub fn get_archive(&self, path: impl AsRef<str>) -> GetArchive {
        GetArchive(self.archive(Method::GET, path.as_ref()))
    }
}

/// A call of [`Container::get_archive`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct GetArchive(Request);

call!(GetArchive => Archive, archived);

/// Files of a container, from [`Container::get_archive`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Archive {
    /// What is at the path.
    pub stat: PathStat,
    /// The tar archive, not compressed.
    pub tar: ByteStream,
}

async fn archived(request: Request) -> Result<Archive> {
    let answer = send(request).await?;
    Ok(Archive { stat: stat(&answer)?, tar: ByteStream::new(answer.into_stream()) })
}
