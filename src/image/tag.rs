//! `POST /images/{name}/tag`

use super::{Image, ImageReference};
use crate::request::{Method, Request, call, unit};
use std::fmt::Display;

impl Image {
    /// Gives the image one more name; if another image has that name, it loses it.
    ///
    /// The name is a text such as `registry.example.com/team/web:1.0`, or an [`ImageReference`]; without a tag it is
    /// `latest`.
    ///
    /// `POST /images/{name}/tag`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the image is not there.
    /// [`Error::is_invalid`](crate::Error::is_invalid): that is no name to tag with; `sha256` is none either.
    pub fn tag(&self, name: impl TryInto<ImageReference, Error: Display>) -> Tag {
        Tag(name_it(self.request(Method::POST, "/images/{name}/tag"), name))
    }
}

/// A call of [`Image::tag`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Tag(Request);

call!(Tag => (), unit);

/// Sets the parameters `repo` and `tag`, by which an image gets a name.
pub(super) fn name_it(request: Request, name: impl TryInto<ImageReference, Error: Display>) -> Request {
    match name.try_into() {
        Ok(name) if name.digest().is_some() => {
            request.refuse(format!("{:?} has a digest, and a name to tag with cannot have one", name.to_string()))
        }
        Ok(name) => request.query("repo", name.name()).query("tag", name.tag_or_latest()),
        Err(error) => request.refuse(error.to_string()),
    }
}
