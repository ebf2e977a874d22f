//! `POST /build/prune`

use super::Images;
use crate::container::ByteSize;
use crate::request::{Method, Request, call, json};
use crate::wire::{null_to_default, null_to_empty};
use crate::{GoDuration, Moment, Version};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Images {
    /// Removes unused records from BuildKit's build cache.
    ///
    /// The cache of the classic builder consists of images, which this call does not remove. Adds 8 minutes to the
    /// limits except [`connect`](crate::Limits::connect), because pruning can take long.
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

/// A call of [`Images::prune_build_cache`]. All filters must match. Each filter has one value, and the last one set applies.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct PruneBuildCache(Request);

impl PruneBuildCache {
    /// Removes all kinds of records, including images of frontends. Default: `false`, only records that use space of their own.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.query("all", all))
    }

    /// Sets the cache size that is always kept, in bytes or as text: `10 * GIB` or `"10g"`. Defaults to 0. Sent as
    /// `keep-storage` to engines before API 1.48.
    pub fn reserved_space(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        Self(self.0.parsed(size, |request, size: ByteSize| {
            request.query_renamed(Version::V1_48, "reserved-space", "keep-storage", size.bytes())
        }))
    }

    /// Sets the maximum cache size to keep, in bytes or as text. Default: no maximum. Requires API 1.48 or later.
    pub fn max_used_space(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        Self(self.0.parsed(size, |request, size: ByteSize| {
            request.query_since(Version::V1_48, "max-used-space", size.bytes())
        }))
    }

    /// Sets the disk space that should be free afterwards, in bytes or as text. Default: no target. Requires API 1.48 or
    /// later.
    pub fn min_free_space(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        Self(self.0.parsed(size, |request, size: ByteSize| {
            request.query_since(Version::V1_48, "min-free-space", size.bytes())
        }))
    }

    /// Removes only records that were not used for this duration, rounded down to whole seconds.
    pub fn unused_for(self, duration: impl TryInto<GoDuration, Error: Display>) -> Self {
        Self(
            self.0.duration(duration, |request, duration| {
                request.filter_one("until", format!("{}s", duration.as_secs()))
            }),
        )
    }

    /// Removes only records that were not used since this time, such as `"24h"` for a day ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`]. Requires API 1.43 or later. For older engines, see
    /// [`unused_for`](Self::unused_for).
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        let request = self.0.since(Version::V1_43, "a time in the filter until");
        Self(request.time(time, |request, time| request.filter_one("until", time)))
    }

    /// Removes only the record whose ID contains a match of this regular expression.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("id", id.as_ref()))
    }

    /// Removes only records that were created from the record with this ID.
    pub fn parent(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("parent", id.as_ref()))
    }

    /// Removes only records of this type: `regular`, `source.local`, `source.git.checkout`, `exec.cachemount`,
    /// `frontend` or `internal`.
    pub fn kind(self, kind: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("type", kind.as_ref()))
    }

    /// Removes only records with exactly this description.
    pub fn description(self, description: impl AsRef<str>) -> Self {
        Self(self.0.filter_one("description", description.as_ref()))
    }

    /// Removes only records in use or, with `false`, only records not in use. Records in use are never removed.
    pub fn in_use(self, in_use: bool) -> Self {
        Self(self.0.filter_one("inuse", in_use))
    }

    /// Removes only records that an image shares or, with `false`, only others.
    pub fn shared(self, shared: bool) -> Self {
        Self(self.0.filter_one("shared", shared))
    }

    /// Removes only records that are not shared with anything or, with `false`, only shared ones.
    pub fn private(self, private: bool) -> Self {
        Self(self.0.filter_one("private", private))
    }
}

call!(PruneBuildCache => BuildCachePruneReport, json);

/// The removed records of the build cache and the freed space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildCachePruneReport {
    /// The IDs of the removed records.
    #[serde(deserialize_with = "null_to_empty")]
    pub caches_deleted: Vec<String>,
    /// The freed disk space, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub space_reclaimed: u64,
}
