//! What things take on the disk.

use crate::Timestamp;
use crate::container::ContainerSummary;
use crate::image::ImageSummary;
use crate::volume::VolumeInspect;
use crate::wire::{self, open_enum};

/// What takes room on the disk; what was not asked for is zero.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DiskUsage {
    /// The images.
    pub images: Usage<ImageSummary>,
    /// The containers' own files.
    pub containers: Usage<ContainerSummary>,
    /// The volumes.
    pub volumes: Usage<VolumeInspect>,
    /// The build cache.
    pub build_cache: Usage<BuildCache>,
}

wire::object! {
    DiskUsage {
        "ImageUsage" => images,
        "ContainerUsage" => containers,
        "VolumeUsage" => volumes,
        "BuildCacheUsage" => build_cache,
    }
}

/// What things of one kind take.
#[derive(Clone, Debug, PartialEq)]
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
    /// The things themselves, if they were [asked for](super::DiskUsageCall::verbose).
    pub items: Vec<T>,
}

wire::object! {
    Usage<T> {
        "ActiveCount" => active_count,
        "TotalCount" => total_count,
        "Reclaimable" => reclaimable,
        "TotalSize" => total_size,
        "Items" => items,
    }
}

impl<T> Default for Usage<T> {
    fn default() -> Self {
        Self { active_count: 0, total_count: 0, reclaimable: 0, total_size: 0, items: Vec::new() }
    }
}

/// A step of a build that is kept.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BuildCache {
    /// Its id.
    pub id: String,
    /// What it was built upon. Since API 1.42.
    pub parents: Vec<String>,
    /// What it was built upon, until API 1.41.
    pub parent: Option<String>,
    /// What kind of step it is.
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
    pub created_at: Option<Timestamp>,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
    /// How often it was used.
    pub usage_count: i64,
}

wire::object! {
    BuildCache {
        "ID" => id,
        "Parents" => parents,
        "Parent" => parent omit,
        "Type" => kind,
        "Description" => description,
        "InUse" => in_use,
        "Shared" => shared,
        "Size" => size,
        "CreatedAt" => created_at,
        "LastUsedAt" => last_used_at,
        "UsageCount" => usage_count,
    }
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
