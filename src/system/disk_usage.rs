//! `GET /system/df`

use super::disk_usage_legacy::Legacy;
use super::usage::DiskUsageReport;
use crate::request::{Method, Request, call, json, version};
use crate::wire::open_enum;
use crate::{Docker, Result, Version};

impl Docker {
    /// Counts what images, containers, volumes and the build cache take on the disk, and what pruning would free.
    ///
    /// It takes a while: the engine measures it. Before API 1.52 it is added up here, as the docker CLI does.
    ///
    /// `GET /system/df`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): the engine is at it already.
    pub fn disk_usage(&self) -> DiskUsage {
        DiskUsage(self.client().request(Method::GET, "/system/df", &[]))
    }
}

/// A call of [`Docker::disk_usage`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct DiskUsage(Request);

impl DiskUsage {
    /// Only this kind of thing; of several, each. All of them if not set. Since API 1.42.
    pub fn only(self, kind: impl Into<DiskUsageType>) -> Self {
        Self(self.0.since(Version::V1_42, "type").query_also("type", kind.into()))
    }

    /// Lists the things, and not only their sums; by default not. Before API 1.52 engines list them in any case.
    pub fn verbose(self, verbose: bool) -> Self {
        Self(self.0.query("verbose", verbose))
    }
}

open_enum! {
    /// What takes room on the disk.
    pub enum DiskUsageType {
        /// Containers.
        Container = "container",
        /// Images.
        Image = "image",
        /// Volumes.
        Volume = "volume",
        /// The build cache.
        BuildCache = "build-cache",
    }
}

call!(DiskUsage => DiskUsageReport, measured);

async fn measured(request: Request) -> Result<DiskUsageReport> {
    if version(&request).await? >= Version::V1_52 {
        return json(request).await;
    }
    json::<Legacy>(request).await.map(DiskUsageReport::from)
}
