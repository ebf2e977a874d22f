//! `GET /containers/{id}/export`

use super::Container;
use crate::Result;
use crate::request::{Request, call, send};
use crate::stream::ByteStream;

impl Container {
    /// Reads all of the container's files as a tar archive, whether it runs or not; without what is mounted in it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/export", "200 a tar archive"),
    /// # ]);
    /// # let web = docker.container("web");
    /// let mut files = web.export().await?;
    /// let mut tar = Vec::new(); // anything that tokio can write
    /// tokio::io::copy(&mut files, &mut tar).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// [`Images::import`](crate::image::Images::import) makes an image of it again.
    ///
    /// `GET /containers/{id}/export`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it is dead or being removed.
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
    Ok(ByteStream::new(send(request).await?.into_stream()))
}
