//! `GET /containers/{id}/archive`

use super::archive::stat;
use super::{Container, PathStat};
use crate::Result;
use crate::request::{Method, Request, call, send};
use crate::stream::ByteStream;
use bytes::Bytes;
use futures_core::Stream;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};

impl Container {
    /// Reads a file or directory of the container as a tar archive. The container may be running or stopped.
    ///
    /// Names in the archive begin with the last component of the path. For a directory with `/.` at the end, names are
    /// relative to it, and [`put_archive`](Self::put_archive) does not restore the directory's own owner and permissions. A symbolic
    /// link at the end of the path is not followed. The engine keeps the container locked until the archive is read to its end or
    /// dropped.
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
    /// assert!(logs.stat().is_dir());
    /// let mut tar = Vec::new(); // any `AsyncWrite`
    /// tokio::io::copy(&mut logs, &mut tar).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container or the path does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the path ends with `/` and is not a directory. Docker 20.10
    /// responds with status 500 instead.
    pub fn get_archive(&self, path: impl AsRef<str>) -> GetArchive {
        GetArchive(self.archive(Method::GET, path.as_ref()))
    }
}

/// A call of [`Container::get_archive`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct GetArchive(Request);

call!(GetArchive => Archive, archived);

/// A file or directory of a container as an uncompressed tar archive, from [`Container::get_archive`].
///
/// It is a stream of the archive's bytes, and implements tokio's `AsyncRead`.
#[derive(Debug)]
#[must_use = "the bytes are not read unless they are asked for"]
pub struct Archive {
    stat: PathStat,
    tar: ByteStream,
}

impl Archive {
    /// Returns the metadata of the path.
    #[must_use]
    pub fn stat(&self) -> &PathStat {
        &self.stat
    }

    /// Returns the next chunk of the archive, which is never empty; `None` at the end.
    ///
    /// # Errors
    /// As for [`ByteStream::next`].
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        self.tar.next().await
    }
}

impl Stream for Archive {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.tar).poll_next(cx)
    }
}

crate::stream::iterable!(Archive);

impl AsyncRead for Archive {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tar).poll_read(cx, buffer)
    }
}

pub(super) async fn archived(request: Request) -> Result<Archive> {
    let answer = send(request).await?;
    Ok(Archive { stat: stat(&answer)?, tar: ByteStream::new(answer.into_stream()).with_trailer() })
}
