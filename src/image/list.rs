//! `GET /images/json`

use super::{ImageSummary, Images};
use crate::request::{Method, Request, call, list};
use crate::{Timestamp, Version};
use std::fmt::Display;

impl Images {
    /// Lists the images; those that others were built upon only with [`all`](List::all).
    ///
    /// `GET /images/json`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call). An image that [`before`](List::before) or [`since`](List::since)
    /// names and that is not there is one: [`Error::is_not_found`](crate::Error::is_not_found).
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/images/json", &[]))
    }
}

/// A call of [`Images::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Lists the images that others were built upon as well; by default not.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.query("all", all))
    }

    /// Computes [`ImageSummary::shared_size`], which takes longer; by default not. Since API 1.42.
    pub fn shared_size(self, shared_size: bool) -> Self {
        Self(self.0.query_since(Version::V1_42, "shared-size", shared_size))
    }

    /// Asks for [`ImageSummary::repo_digests`], which engines give in any case; by default not.
    pub fn digests(self, digests: bool) -> Self {
        Self(self.0.query("digests", digests))
    }

    /// Asks for [`ImageSummary::manifests`]; by default not. Since API 1.47.
    pub fn manifests(self, manifests: bool) -> Self {
        Self(self.0.query_since(Version::V1_47, "manifests", manifests))
    }

    /// Asks for the identity of each manifest that is an image; needs [`manifests`](List::manifests). By default not.
    /// Since API 1.54.
    pub fn identity(self, identity: bool) -> Self {
        Self(self.0.query_since(Version::V1_54, "identity", identity))
    }

    /// Only images that were made before this one: a name, a name and digest, or an id.
    pub fn before(self, image: impl AsRef<str>) -> Self {
        Self(self.0.filter("before", image.as_ref()))
    }

    /// Only images that have no tag, or only those that have one.
    pub fn dangling(self, dangling: bool) -> Self {
        Self(self.0.filter("dangling", dangling))
    }

    /// Only images with a label: `key` or `key=value`. Of several labels all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only images with a tag that matches: a name without its tag matches each of its tags, and `*`, `?` and `[…]`
    /// match as in a shell, but no `/`. Of several patterns one must match. Names are as short as in lists: by
    /// `docker.io/library/nginx` older engines find nothing.
    pub fn reference(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("reference", pattern.as_ref()))
    }

    /// Only images that were made after this one: a name, a name and digest, or an id.
    pub fn since(self, image: impl AsRef<str>) -> Self {
        Self(self.0.filter("since", image.as_ref()))
    }

    /// Only images that were made before this time. Since API 1.44.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        let request = self.0.since(Version::V1_44, "the filter until");
        Self(request.time(time, |request, time| request.filter("until", time)))
    }
}

call!(List => Vec<ImageSummary>, list);
