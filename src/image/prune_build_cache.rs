//! `POST /build/prune`

use super::Images;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use crate::{Timestamp, Version};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::time::Duration;

impl Images {
    /// Removes what `BuildKit` keeps of builds and nothing uses.
    ///
    /// What the classic builder keeps are images, which are not removed by this. It may take long: 8 minutes are
    /// added to the head limit.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /build/prune?filters={"until":{"604800s":true}}"#, r#"200 {"CachesDeleted":["hw53"],"SpaceReclaimed":4096}"#),
    /// # ]);
    /// use std::time::Duration;
    ///
    /// let week = Duration::from_secs(7 * 24 * 3600);
    /// let pruned = docker.images().prune_build_cache().unused_for(week).await?;
    /// assert_eq!(pruned.space_reclaimed, 4096); // bytes
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /build/prune`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call).
    pub fn prune_build_cache(&self) -> PruneBuildCache {
        PruneBuildCache(self.client.request(Method::POST, "/build/prune", &[]).long_running())
    }
}

/// A call of [`Images::prune_build_cache`]. Of several filters all have to match; each has one value,
/// and the last one set holds.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct PruneBuildCache(Request);

impl PruneBuildCache {
    /// Removes all kinds of records, those of the frontends' images as well; by default only what takes space of its own.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.query("all", all))
    }

    /// How many bytes of it are kept in any case; none if not set. To engines of before API 1.48 it is sent as `keep-storage`.
    pub fn reserved_space(self, bytes: i64) -> Self {
        Self(self.0.query_renamed(Version::V1_48, "reserved-space", "keep-storage", bytes))
    }

    /// How many bytes may be kept at most; any number if not set. Since API 1.48.
    pub fn max_used_space(self, bytes: i64) -> Self {
        Self(self.0.query_since(Version::V1_48, "max-used-space", bytes))
    }

    /// How many bytes of the disk are to be free afterwards; any number if not set. Since API 1.48.
    pub fn min_free_space(self, bytes: i64) -> Self {
        Self(self.0.query_since(Version::V1_48, "min-free-space", bytes))
    }

    /// Only what was not used for so long, in whole seconds, rounded down.
    pub fn unused_for(self, duration: Duration) -> Self {
        Self(self.0.filter_one("until", format!("{}s", duration.as_secs())))
    }

    /// Only what was not used since this time. Since API 1.43; see [`unused_for`](Self::unused_for) for engines before it.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        let request = self.0.since(Version::V1_43, "a time in the filter until");
        Self(request.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Only the record whose id has this in it (a regular expression).
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("id", id.as_ref()))
    }

    /// Only records that were made from the one with this id.
    pub fn parent(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("parent", id.as_ref()))
    }

    /// Only records of this type: `regular`, `source.local`, `source.git.checkout`, `exec.cachemount`, `frontend`,
    /// `internal`.
    pub fn kind(self, kind: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("type", kind.as_ref()))
    }

    /// Only records with exactly this description.
    pub fn description(self, description: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("description", description.as_ref()))
    }

    /// Only records that are in use, or only those that are not. What is in use is not removed.
    pub fn in_use(self, in_use: bool) -> Self {
        Self(self.0.filter_one("inuse", in_use))
    }

    /// Only records that an image shares, or only those that none does.
    pub fn shared(self, shared: bool) -> Self {
        Self(self.0.filter_one("shared", shared))
    }

    /// Only records that nothing else shares, or only those that something does.
    pub fn private(self, private: bool) -> Self {
        Self(self.0.filter_one("private", private))
    }
}

call!(PruneBuildCache => BuildCachePruneReport, json);

/// What was removed of the build cache.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildCachePruneReport {
    /// The ids of the records that were removed.
    #[serde(deserialize_with = "null_to_empty")]
    pub caches_deleted: Vec<String>,
    /// How many bytes that freed.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
