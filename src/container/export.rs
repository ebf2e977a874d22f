//! `GET /containers/{id}/export`

use super::Container;
use crate::Result;
use crate::request::{Request, call, send};
use crate::stream::ByteStream;

impl Container {
    /// Exports all of the container's files as a tar archive, without its mounts. The container may be running or
    /// stopped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/export", "200 a tar archive"),
    /// # ]);
    /// # let web = docker.container("web");
    /// let mut files = web.export().await?;
    /// let mut tar = Vec::new(); // any `AsyncWrite`
    /// tokio::io::copy(&mut files, &mut tar).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// [`Images::import`](crate::image::Images::import) creates an image from such an archive.
    ///
    /// `GET /containers/{id}/export`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is dead or being removed. Later errors are items
    /// of the stream: see [`ByteStream::next`].
    pub fn export(&self) -> Export {
        Export(self.get("/containers/{id}/export"))
    }
}

/// A call of [`Container::export`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Export(Request);

call!(Export => ByteStream, exported);

async fn exported(request: Request) -> Result<ByteStream> {
    send(request).await.map(|answer| ByteStream::new(answer.into_stream()).with_trailer())
}
