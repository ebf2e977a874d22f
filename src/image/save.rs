//! `GET /images/get`

use super::reference::check_name_or_id;
use super::{Image, Images, Platform, platform};
use crate::Result;
use crate::request::{Method, Request, call, send};
use crate::stream::ByteStream;
use std::fmt::Display;

impl Images {
    /// Saves several images to one tar archive for [`load`](Self::load).
    ///
    /// A name without a tag means all of its tags. Images that are given by ID have no name in the archive.
    ///
    /// Adds 8 minutes to the limits except [`connect`](crate::Limits::connect): some engines write the
    /// whole archive to disk before they respond.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /images/get?names=web:1.0&names=db:1.0", "200 a tar archive"),
    /// #     ("POST /images/load?quiet=false",
    /// #      "200 {\"stream\":\"Loaded image: web:1.0\\n\"}\r\n{\"stream\":\"Loaded image: db:1.0\\n\"}\r\n"),
    /// # ]);
    /// # let (here, there) = (&docker, &docker);
    /// use longshore::Upload;
    ///
    /// // From one engine to another, streamed: only a small part is in memory at a time.
    /// let archive = here.images().save(["web:1.0", "db:1.0"]).await?;
    /// let loaded = there.images().load(Upload::stream(archive)).await?;
    /// assert_eq!(loaded.images, ["web:1.0", "db:1.0"]);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/get`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if one of the images does not exist. Later errors are items
    /// of the stream.
    pub fn save<I>(&self, images: I) -> Save
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let mut request = self.client.request(Method::GET, "/images/get", &[]);
        for image in images {
            let image = image.as_ref();
            request = match check_name_or_id(image) {
                Ok(()) => request.query_also("names", image),
                Err(why) => request.refuse(why.to_string()),
            };
        }
        Save(
            if request.has_query("names") { request } else { request.refuse("there is no image to save") }
                .long_running(),
        )
    }
}

impl Image {
    /// Saves the image to a tar archive. [`Images::save`] saves several images to one archive.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[("GET /images/web:1.0/get", "200 a tar archive")]);
    /// let mut archive = docker.image("web:1.0").save().await?;
    /// let mut tar = Vec::new(); // or any other `tokio::io::AsyncWrite`
    /// tokio::io::copy(&mut archive, &mut tar).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/{name}/get`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist. Later errors are items of the stream.
    pub fn save(&self) -> Save {
        Save(self.request(Method::GET, "/images/{name}/get").long_running())
    }
}

/// A call of [`Images::save`] or [`Image::save`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Save(Request);

impl Save {
    /// Sets the variant of the images to save, as `linux/arm64` or a [`Platform`]. Defaults to all that the engine has.
    /// Requires API 1.48 or later, and API 1.52 or later for several calls.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::several(self.0, platform))
    }
}

call!(Save => ByteStream, saved);

async fn saved(request: Request) -> Result<ByteStream> {
    send(request).await.map(|answer| ByteStream::new(answer.into_stream()).with_trailer())
}
