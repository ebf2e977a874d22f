//! `GET /images/{name}/history`

use super::{Image, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, list};
use crate::wire::{Timestamp, null_to_default, null_to_empty, seconds};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Image {
    /// Lists the steps that built the image, the last step first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /images/nginx:1.27/history",
    /// #      r#"200 [{"Id":"sha256:a9dc","Created":1770240012,"CreatedBy":"EXPOSE 80","Tags":["nginx:1.27"],"Size":0}]"#),
    /// # ]);
    /// for step in docker.image("nginx:1.27").history().await? {
    ///     println!("{:>12} {}", step.size, step.created_by);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/{name}/history`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist.
    pub fn history(&self) -> History {
        History(self.request(Method::GET, "/images/{name}/history"))
    }
}

/// A call of [`Image::history`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct History(Request);

impl History {
    /// Sets the variant of the image, as `linux/arm64` or a [`Platform`]. Defaults to the engine's own platform, or any
    /// that is present. Requires API 1.48 or later.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::one(self.0, Version::V1_48, platform))
    }
}

call!(History => Vec<ImageHistoryItem>, list);

/// A step in the history of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageHistoryItem {
    /// The ID of the image after this step, or `<missing>` if the engine does not have it.
    pub id: String,
    /// The time of the step, or `None` if it is not recorded.
    #[serde(with = "seconds")]
    pub created: Option<Timestamp>,
    /// The command or instruction of the step.
    #[serde(deserialize_with = "null_to_default")]
    pub created_by: String,
    /// The tags of the image after this step.
    #[serde(deserialize_with = "null_to_empty")]
    pub tags: Vec<String>,
    /// The size of the files that the step added or changed, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// The comment of the image's author.
    #[serde(deserialize_with = "null_to_default")]
    pub comment: String,
}
