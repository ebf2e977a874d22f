//! `GET /system/df`

use super::disk_usage_legacy::Legacy;
use super::usage::DiskUsageReport;
use crate::request::{Method, Request, call, json, version};
use crate::wire::open_enum;
use crate::{Docker, Result, Version};
use tokio::time::Instant;

impl Docker {
    /// Measures the disk usage of images, containers, volumes and the build cache, and how much of it can be reclaimed.
    ///
    /// The engine takes a while to measure it, so the limits of the call except [`connect`](crate::Limits::connect) are
    /// extended by 8 minutes. Before API 1.52, this crate computes the totals as the docker CLI does.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /system/df?type=volume&verbose=true",
    /// #      r#"200 {"VolumeUsage":{"TotalCount":1,"TotalSize":4096,"Items":[{"Name":"cache","UsageData":{"Size":4096}}]}}"#),
    /// # ]);
    /// use longshore::system::DiskUsageType;
    ///
    /// let usage = docker.disk_usage().only(DiskUsageType::Volume).verbose(true).await?;
    /// for volume in &usage.volumes.items {
    ///     println!("{}: {:?}", volume.name, volume.usage_data);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /system/df`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the engine is already measuring its disk usage.
    pub fn disk_usage(&self) -> DiskUsage {
        DiskUsage(self.client().request(Method::GET, "/system/df", &[]).long_running())
    }
}

/// A call of [`Docker::disk_usage`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct DiskUsage(Request);

impl DiskUsage {
    /// Measures only one kind of object. If called more than once, measures each of them. Default: all kinds. Requires
    /// API 1.42 or later.
    pub fn only(self, kind: impl Into<DiskUsageType>) -> Self {
        Self(self.0.since(Version::V1_42, "type").query_also("type", kind.into()))
    }

    /// Includes the objects themselves, not only the totals. Defaults to `false`. Before API 1.52, engines always
    /// include them.
    pub fn verbose(self, verbose: bool) -> Self {
        Self(self.0.query("verbose", verbose))
    }
}

open_enum! {
    /// A kind of object that takes disk space.
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
    let request = request.since_begun(Instant::now());
    if version(&request).await? >= Version::V1_52 {
        return json(request).await;
    }
    json::<Legacy>(request).await.map(DiskUsageReport::from)
}
