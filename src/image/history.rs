//! `GET /images/{name}/history`

use super::{Image, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, list};
use crate::wire::{Timestamp, null_to_default, null_to_empty, seconds};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Image {
    /// Tells what the image was made by, the last step first.
    ///
    /// `GET /images/{name}/history`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the image is not there.
    pub fn history(&self) -> History {
        History(self.request(Method::GET, "/images/{name}/history"))
    }
}

/// A call of [`Image::history`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct History(Request);

impl History {
    /// Which variant of the image to tell about: `linux/arm64`, or a [`Platform`]; the engine's own, or any that is
    /// there, if not set. Since API 1.48.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::one(self.0, Version::V1_48, platform))
    }
}

call!(History => Vec<ImageHistoryItem>, list);

/// A step that an image was made by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageHistoryItem {
    /// The id of the image that it made; `<missing>` if that is not here.
    pub id: String,
    /// When it was; `None` if nobody noted it.
    #[serde(with = "seconds")]
    pub created: Option<Timestamp>,
    /// The command that it ran, or the instruction.
    #[serde(deserialize_with = "null_to_default")]
    pub created_by: String,
    /// The names of the image that it made.
    #[serde(deserialize_with = "null_to_empty")]
    pub tags: Vec<String>,
    /// The size of the files that it added or changed, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// What its maker noted.
    #[serde(deserialize_with = "null_to_default")]
    pub comment: String,
}
