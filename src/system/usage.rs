//! What things take on the disk.

use crate::Timestamp;
use crate::container::ContainerSummary;
use crate::image::ImageSummary;
use crate::volume::VolumeInspect;
use crate::wire::{go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// What takes room on the disk; what was not asked for is zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DiskUsageReport {
    /// The images.
    #[serde(rename = "ImageUsage", deserialize_with = "null_to_default")]
    pub images: Usage<ImageSummary>,
    /// The containers' own files.
    #[serde(rename = "ContainerUsage", deserialize_with = "null_to_default")]
    pub containers: Usage<ContainerSummary>,
    /// The volumes.
    #[serde(rename = "VolumeUsage", deserialize_with = "null_to_default")]
    pub volumes: Usage<VolumeInspect>,
    /// The build cache.
    #[serde(rename = "BuildCacheUsage", deserialize_with = "null_to_default")]
    pub build_cache: Usage<BuildCache>,
}

/// What things of one kind take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Usage<T> {
    /// How many are in use.
    pub active_count: i64,
    /// How many there are.
    pub total_count: i64,
    /// How many bytes could be freed.
    pub reclaimable: i64,
    /// How many bytes they take in all.
    pub total_size: i64,
    /// The things themselves, if they were [asked for](super::DiskUsage::verbose).
    #[serde(deserialize_with = "null_to_empty", bound(deserialize = "T: Deserialize<'de>"))]
    pub items: Vec<T>,
}

impl<T> Default for Usage<T> {
    fn default() -> Self {
        Self { active_count: 0, total_count: 0, reclaimable: 0, total_size: 0, items: Vec::new() }
    }
}

/// A step of a build that is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildCache {
    /// Its id.
    #[serde(rename = "ID")]
    pub id: String,
    /// What it was built upon. Since API 1.42.
    #[serde(deserialize_with = "null_to_empty")]
    pub parents: Vec<String>,
    /// What it was built upon, until API 1.41.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What kind of step it is.
    #[serde(rename = "Type")]
    pub kind: BuildCacheType,
    /// What the step does.
    pub description: String,
    /// Whether a build uses it now.
    pub in_use: bool,
    /// Whether others share it.
    pub shared: bool,
    /// How many bytes it takes.
    pub size: i64,
    /// When it was made.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// When it was used last.
    #[serde(deserialize_with = "go_time")]
    pub last_used_at: Option<Timestamp>,
    /// How often it was used.
    pub usage_count: i64,
}

open_enum! {
    /// What kind of step of a build is kept.
    pub enum BuildCacheType {
        /// The builder's own.
        Internal = "internal",
        /// A frontend.
        Frontend = "frontend",
        /// Files of a build's context.
        SourceLocal = "source.local",
        /// A checkout of git.
        SourceGitCheckout = "source.git.checkout",
        /// A folder that a step keeps between builds.
        ExecCachemount = "exec.cachemount",
        /// A step.
        Regular = "regular",
    }
}
