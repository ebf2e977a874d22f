//! `GET /images/get`

use super::reference::check_name_or_id;
use super::{Image, Images, Platform, platform};
use crate::Result;
use crate::request::{Method, Request, call, send};
use crate::stream::ByteStream;
use std::fmt::Display;

impl Images {
    /// Packs several images into one tar archive, which [`load`](Self::load) takes: by names, or by ids, which the archive
    /// then has no names for. A name without a tag stands for all of its tags.
    ///
    /// Some engines write the whole archive to their disk first: 8 minutes are added to the head limit.
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
    /// // From one engine to another, with little of it in memory at a time.
    /// let archive = here.images().save(["web:1.0", "db:1.0"]).await?;
    /// let loaded = there.images().load(Upload::stream(archive)).await?;
    /// assert_eq!(loaded.images, ["web:1.0", "db:1.0"]);
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/get`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): one of the images is not there. What fails later is an error of
    /// the stream.
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
    /// Packs the image into a tar archive; see [`Images::save`], which packs several.
    ///
    /// `GET /images/{name}/get`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the image is not there. What fails later is an error of the
    /// stream.
    pub fn save(&self) -> Save {
        Save(self.request(Method::GET, "/images/{name}/get").long_running())
    }
}

/// A call of [`Images::save`] or [`Image::save`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Save(Request);

impl Save {
    /// Which variant of the images to pack: `linux/arm64`, or a [`Platform`]; all that are there if not set. Since API
    /// 1.48; may be said several times since API 1.52.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::several(self.0, platform))
    }
}

call!(Save => ByteStream, saved);

async fn saved(request: Request) -> Result<ByteStream> {
    send(request).await.map(|answer| ByteStream::new(answer.into_stream()).with_trailer())
}
