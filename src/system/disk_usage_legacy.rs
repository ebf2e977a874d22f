//! Disk usage before API 1.52, added up as the docker CLI does.

use super::usage::{BuildCache, DiskUsageReport, Usage};
use crate::container::{ContainerStatus, ContainerSummary};
use crate::image::ImageSummary;
use crate::volume::VolumeInspect;
use crate::wire::null_to_empty;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The response before API 1.52.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Legacy {
    layers_size: i64,
    #[serde(deserialize_with = "null_to_empty")]
    images: Vec<ImageSummary>,
    #[serde(deserialize_with = "null_to_empty")]
    containers: Vec<ContainerSummary>,
    #[serde(deserialize_with = "null_to_empty")]
    volumes: Vec<VolumeInspect>,
    #[serde(deserialize_with = "null_to_empty")]
    build_cache: Vec<BuildCache>,
}

impl From<Legacy> for DiskUsageReport {
    fn from(legacy: Legacy) -> Self {
        Self {
            images: images(legacy.layers_size, legacy.images),
            containers: containers(legacy.containers),
            volumes: volumes(legacy.volumes),
            build_cache: build_cache(legacy.build_cache),
        }
    }
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

fn images(total_size: i64, items: Vec<ImageSummary>) -> Usage<ImageSummary> {
    let mut usage = Usage { total_size, total_count: count(&items), ..Usage::default() };
    let mut seen = BTreeSet::new();
    // Podman lists an image once for each of its tags.
    for image in items.iter().filter(|image| seen.insert(image.id.as_str())) {
        match image.containers {
            0 if image.size != -1 && image.shared_size != -1 => {
                usage.reclaimable = usage.reclaimable.saturating_add(image.size.saturating_sub(image.shared_size));
            }
            1.. => usage.active_count += 1,
            _ => {} // not counted: assume that it is in use
        }
    }
    usage.reclaimable = usage.reclaimable.min(total_size);
    Usage { items, ..usage }
}

fn containers(items: Vec<ContainerSummary>) -> Usage<ContainerSummary> {
    let mut usage = Usage { total_count: count(&items), ..Usage::default() };
    for container in &items {
        let size = container.size_rw.unwrap_or_default();
        usage.total_size = usage.total_size.saturating_add(size);
        if matches!(container.state, ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting) {
            usage.active_count += 1;
        } else {
            usage.reclaimable = usage.reclaimable.saturating_add(size);
        }
    }
    Usage { items, ..usage }
}

fn volumes(items: Vec<VolumeInspect>) -> Usage<VolumeInspect> {
    let mut usage = Usage { total_count: count(&items), ..Usage::default() };
    for volume in items.iter().filter_map(|volume| volume.usage_data.as_ref()) {
        let size = volume.size.max(0);
        usage.total_size = usage.total_size.saturating_add(size);
        if volume.ref_count > 0 {
            usage.active_count += 1;
        } else {
            usage.reclaimable = usage.reclaimable.saturating_add(size);
        }
    }
    Usage { items, ..usage }
}

fn build_cache(items: Vec<BuildCache>) -> Usage<BuildCache> {
    let mut usage = Usage { total_count: count(&items), ..Usage::default() };
    for step in &items {
        let size = if step.shared { 0 } else { step.size };
        usage.total_size = usage.total_size.saturating_add(size);
        if step.in_use {
            usage.active_count += 1;
        } else {
            usage.reclaimable = usage.reclaimable.saturating_add(size);
        }
    }
    Usage { items, ..usage }
}

#[cfg(test)]
mod tests {
    use super::{DiskUsageReport, Legacy, Usage};

    fn sums<T>(usage: &Usage<T>) -> [i64; 4] {
        [usage.active_count, usage.total_count, usage.reclaimable, usage.total_size]
    }

    #[test]
    fn old_answers_are_added_up_as_the_docker_cli_does() {
        let json = r#"{"LayersSize":1000,
            "Images":[{"Id":"a","Size":600,"SharedSize":100,"Containers":0},{"Id":"b","Size":400,"SharedSize":0,"Containers":2},
                {"Id":"c","Size":50,"SharedSize":-1,"Containers":0},{"Id":"d","Size":50,"SharedSize":0,"Containers":-1}],
            "Containers":[{"Id":"x","State":"running","SizeRw":7},{"Id":"y","State":"exited","SizeRw":5},{"Id":"z","State":"created"}],
            "Volumes":[{"Name":"v","UsageData":{"Size":30,"RefCount":1}},{"Name":"w","UsageData":{"Size":20,"RefCount":0}},
                {"Name":"u","UsageData":null},{"Name":"t","UsageData":{"Size":-1,"RefCount":-1}}],
            "BuildCache":[{"ID":"s","Size":9,"InUse":true},{"ID":"r","Size":8},{"ID":"q","Size":7,"Shared":true}]}"#;
        let usage = DiskUsageReport::from(serde_json::from_str::<Legacy>(json).expect(json));
        assert_eq!(sums(&usage.images), [1, 4, 500, 1000]);
        assert_eq!(sums(&usage.containers), [1, 3, 5, 12]);
        assert_eq!(sums(&usage.volumes), [1, 4, 20, 50]);
        assert_eq!(sums(&usage.build_cache), [1, 3, 8, 17]);
        assert_eq!(usage.containers.items.len(), 3);
    }
}
