//! The disk usage of an engine's objects.

use crate::Timestamp;
use crate::container::ContainerSummary;
use crate::image::ImageSummary;
use crate::volume::VolumeInspect;
use crate::wire::{go_time, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// The disk usage of an engine. Kinds that were not requested are zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DiskUsageReport {
    /// The usage of images.
    #[serde(rename = "ImageUsage", deserialize_with = "null_to_default")]
    pub images: Usage<ImageSummary>,
    /// The usage of the containers' writable layers.
    #[serde(rename = "ContainerUsage", deserialize_with = "null_to_default")]
    pub containers: Usage<ContainerSummary>,
    /// The usage of volumes.
    #[serde(rename = "VolumeUsage", deserialize_with = "null_to_default")]
    pub volumes: Usage<VolumeInspect>,
    /// The usage of the build cache.
    #[serde(rename = "BuildCacheUsage", deserialize_with = "null_to_default")]
    pub build_cache: Usage<BuildCache>,
}

/// The disk usage of one kind of object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Usage<T> {
    /// The number of objects in use.
    pub active_count: i64,
    /// The number of objects.
    pub total_count: i64,
    /// The reclaimable space in bytes.
    pub reclaimable: i64,
    /// The total size in bytes.
    pub total_size: i64,
    /// The objects themselves, if [requested](super::DiskUsage::verbose).
    #[serde(deserialize_with = "null_to_empty", bound(deserialize = "T: Deserialize<'de>"))]
    pub items: Vec<T>,
}

impl<T> Default for Usage<T> {
    fn default() -> Self {
        Self { active_count: 0, total_count: 0, reclaimable: 0, total_size: 0, items: Vec::new() }
    }
}

/// A record of the build cache.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildCache {
    /// The record's ID.
    #[serde(rename = "ID")]
    pub id: String,
    /// The IDs of the parent records. Since API 1.42.
    #[serde(deserialize_with = "null_to_empty")]
    pub parents: Vec<String>,
    /// The ID of the parent record. Until API 1.41.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The kind of record.
    #[serde(rename = "Type")]
    pub kind: BuildCacheType,
    /// The description of the build step.
    pub description: String,
    /// Whether a build is using the record.
    pub in_use: bool,
    /// Whether the record is shared.
    pub shared: bool,
    /// The size in bytes.
    pub size: i64,
    /// The time of creation.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
    /// The time of the last use.
    #[serde(deserialize_with = "go_time")]
    pub last_used_at: Option<Timestamp>,
    /// The number of times the record was used.
    pub usage_count: i64,
}

open_enum! {
    /// The kind of a build cache record.
    pub enum BuildCacheType {
        /// A record for the builder's internal use.
        Internal = "internal",
        /// A frontend.
        Frontend = "frontend",
        /// Files of a build context.
        SourceLocal = "source.local",
        /// A Git checkout.
        SourceGitCheckout = "source.git.checkout",
        /// A cache mount: a directory kept between builds.
        ExecCachemount = "exec.cachemount",
        /// A build step.
        Regular = "regular",
    }
}
