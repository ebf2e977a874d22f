//! `POST /images/{name}/tag`

use super::{Image, ImageReference};
use crate::request::{Method, Request, call, unit};
use std::fmt::Display;

impl Image {
    /// Adds a name to the image. If another image has that name, it loses the name.
    ///
    /// The name is a string such as `registry.example.com/team/web:1.0`, or an [`ImageReference`]. The tag defaults to `latest`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /images/web/tag?repo=registry.example.com/team/web&tag=1.0", "201")]);
    /// docker.image("web").tag("registry.example.com/team/web:1.0").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/{name}/tag`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name is invalid or has a digest. `sha256` is not a valid
    /// name either.
    pub fn tag(&self, name: impl TryInto<ImageReference, Error: Display>) -> Tag {
        Tag(name_it(self.request(Method::POST, "/images/{name}/tag"), name))
    }
}

/// A call of [`Image::tag`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Tag(Request);

call!(Tag => (), unit);

/// Sets the parameters `repo` and `tag`, which name an image.
pub(super) fn name_it(request: Request, name: impl TryInto<ImageReference, Error: Display>) -> Request {
    match name.try_into() {
        Ok(name) if name.digest().is_some() => request
            .refuse(format!("cannot tag an image as {:?}: it has a digest; leave the digest out", name.to_string())),
        Ok(name) => request.query("repo", name.name()).query("tag", name.tag_or_latest()),
        Err(error) => request.refuse(error.to_string()),
    }
}
