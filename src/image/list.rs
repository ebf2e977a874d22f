//! `GET /images/json`

use super::{ImageSummary, Images};
use crate::request::{Method, Request, call, list};
use crate::{Moment, Version};
use std::fmt::Display;

impl Images {
    /// Lists the images. Intermediate images of builds are listed only with [`all`](List::all).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /images/json?filters={"label":{"app=web":true}}"#,
    /// #      r#"200 [{"Id":"sha256:5d27","RepoTags":["web:1.0"],"Size":192004242,"Labels":{"app":"web"}}]"#),
    /// # ]);
    /// for image in docker.images().list().label("app=web").await? {
    ///     println!("{} {:?} {} bytes", image.id, image.repo_tags, image.size);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/json`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call). [`Error::is_not_found`](crate::Error::is_not_found) if
    /// the image of [`before`](List::before) or [`since`](List::since) does not exist.
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/images/json", &[]))
    }
}

/// A call of [`Images::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Includes intermediate images of builds. Default: `false`.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.query("all", all))
    }

    /// Includes [`ImageSummary::shared_size`], which takes longer. Default: `false`. Requires API 1.42 or later.
    pub fn shared_size(self, shared_size: bool) -> Self {
        Self(self.0.query_since(Version::V1_42, "shared-size", shared_size))
    }

    /// Includes [`ImageSummary::repo_digests`]. Default: `false`. Engines include them in any case.
    pub fn digests(self, digests: bool) -> Self {
        Self(self.0.query("digests", digests))
    }

    /// Includes [`ImageSummary::manifests`]. Default: `false`. Requires API 1.47 or later.
    pub fn manifests(self, manifests: bool) -> Self {
        Self(self.0.query_since(Version::V1_47, "manifests", manifests))
    }

    /// Includes the identity of each image manifest. Requires [`manifests`](List::manifests), and API 1.54 or later.
    /// Default: `false`.
    pub fn identity(self, identity: bool) -> Self {
        Self(self.0.query_since(Version::V1_54, "identity", identity))
    }

    /// Lists only images created before this one, given as a name, a name with digest, or an ID.
    pub fn before(self, image: impl AsRef<str>) -> Self {
        Self(self.0.filter("before", image.as_ref()))
    }

    /// Lists only images without a tag or, with `false`, only images with one.
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter_one("dangling", dangling))
    }

    /// Lists only images with this label: `key` or `key=value`. With several labels, all must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Lists only images with a matching name. A name without a tag matches all of its tags. With several patterns, one
    /// must match.
    ///
    /// `*`, `?` and `[…]` match as in a shell, but never a `/`. Use short names, as in lists: older engines find
    /// nothing by `docker.io/library/nginx`.
    pub fn reference(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("reference", pattern.as_ref()))
    }

    /// Lists only images created after this one, given as a name, a name with digest, or an ID.
    pub fn since(self, image: impl AsRef<str>) -> Self {
        Self(self.0.filter("since", image.as_ref()))
    }

    /// Lists only images created before this time, such as `"24h"` for a day ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`]. Requires API 1.44 or later.
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        let request = self.0.since(Version::V1_44, "the filter until");
        Self(request.time(time, |request, time| request.filter_one("until", time)))
    }
}

call!(List => Vec<ImageSummary>, list);
