//! [`Plan`](super::Plan): the way from the observed to the desired state.

mod change;
mod desired;
pub(super) mod digest;
mod images;
mod observed;
mod resources;
#[cfg(all(test, feature = "testing"))]
mod tests;

pub use change::{Change, FieldChange};
pub(super) use change::{differences, joined, up_to_images};
pub(super) use desired::{Desired, DesiredService, driver_options, have_same, label, one_off};
pub(super) use images::{Sources, credentials, full_name, repo_digest};
pub(super) use observed::{Found, Observed, Slot, is_running, listed};
pub(super) use resources::{are_rivals, check_givers, givers, shared};

use super::target::{Recovery, Target};
use crate::container::ContainerStatus;
use change::image_behind;
use images::images;
use serde_json::Value;
use std::collections::BTreeSet;

/// Computes the changes from the desired and the observed state, without I/O.
#[inline] // generates code only in crates that deploy
pub(super) fn changes(desired: &Desired, observed: &Observed, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    changes.extend(missing_networks(desired, observed).cloned().map(|name| Change::CreateNetwork { name }));
    let volumes = desired.volumes.iter().map(|volume| &volume.name);
    let volumes = volumes.filter(|name| !observed.volumes.contains_key(*name)).cloned();
    changes.extend(volumes.map(|name| Change::CreateVolume { name }));

    let mut containers = Vec::new();
    for service in &desired.services {
        for target in service.targets() {
            containers.extend(of_slot(service, target, desired, (observed, &sources.newer)));
        }
    }
    let removals = removals(desired, observed, &containers);
    containers.extend(removals);
    changes.extend(images(desired, observed, sources, &containers));
    changes.extend(containers);
    changes
}

/// Returns the names of the project's networks that do not exist.
pub(super) fn missing_networks<'a>(desired: &'a Desired, observed: &Observed) -> impl Iterator<Item = &'a String> {
    let names = desired.networks.iter().map(|network| &network.name);
    names.filter(|name| !observed.networks.contains_key(*name))
}

/// Returns the removals of the replicas that the project does not have, and what new containers need of each.
#[inline] // generates code only in crates that deploy
fn removals(desired: &Desired, observed: &Observed, containers: &[Change]) -> Vec<Change> {
    let wanted: BTreeSet<_> = desired.targets().collect();
    let made = containers.iter().filter(|change| change.needs_room());
    let made: Vec<_> = made.filter_map(|change| desired.service(&change.target()?.service)).collect();
    let unwanted = observed.slots.iter().filter(|(target, _)| !wanted.contains(*target));
    let removal = |(target, slot): (&Target, &Slot)| {
        let because = made.iter().find_map(|service| shared(service, target, slot));
        Change::Remove { target: target.clone(), because }
    };
    unwanted.map(removal).collect()
}

/// Returns the changes of a replica: first the recovery from an interrupted deployment, then the way to the desired state.
fn of_slot(
    service: &DesiredService,
    target: Target,
    desired: &Desired,
    (observed, newer): (&Observed, &BTreeSet<String>),
) -> Vec<Change> {
    let Some(slot) = observed.slots.get(&target) else { return vec![Change::Create(target)] };
    let lost_network = |found: &Found| observed.lost_network(found, &desired.networks);
    let mut changes = Vec::new();
    let mut recover = |recovery| changes.push(Change::Recover { target: target.clone(), recovery });
    // A stopped container does not start without its networks. One that runs still serves.
    let restored = slot.to_restore().filter(|found| found.is_running() || lost_network(found).is_none());
    if slot.before.is_some() {
        recover(Recovery::RemoveBefore);
    }
    // The new container goes first: it may hold the port that the restored one needs.
    if slot.next.is_some() {
        recover(Recovery::RemoveNext);
    }
    if restored.is_some() {
        recover(Recovery::Restore);
    }
    let is_restored = |found: &Found| restored.is_some_and(|restored| restored.id == found.id);
    if slot.superseded.iter().any(|found| found.is_running() && !is_restored(found)) {
        recover(Recovery::StopSuperseded);
    }
    let Some(current) = slot.current.as_ref().or(restored) else {
        changes.push(Change::Create(target));
        return changes;
    };
    let mut fields = differs(service, current, observed, newer);
    if fields.is_empty() {
        fields.extend(lost_network(current));
    }
    if fields.is_empty() {
        let is_to_start = !current.is_running() && restored.is_none() && !current.has_succeeded;
        if is_to_start || current.state == ContainerStatus::Paused {
            changes.push(Change::Start(target.clone()));
        }
    } else {
        let (order, because) = service.order();
        let change = Change::Replace { target: target.clone(), order, because, fields };
        let is_new_version = !change.is_for_network();
        changes.push(change);
        if is_new_version {
            return changes; // which removes what is no longer kept
        }
    }
    if slot.unkept(service.keep()).next().is_some() {
        changes.push(Change::Prune(target));
    }
    changes
}

/// Returns how a container differs from its desired state.
fn differs(
    service: &DesiredService,
    current: &Found,
    observed: &Observed,
    newer: &BTreeSet<String>,
) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    if current.label(label::DIGEST) != service.digest {
        // Another version of this crate may compute another digest for the same configuration.
        fields = differences(&current.configuration(), &service.configuration);
    }
    let image = &service.spec.config.image;
    let is_other = observed.image(image).is_some_and(|image| !is_of(current, &image.id));
    if fields.is_empty() && (is_other || newer.contains(&full_name(image))) {
        let new = observed.image(image).filter(|_| is_other).map(|image| Value::from(image.id.as_str()));
        fields.push(FieldChange {
            field: image_behind(image),
            from: Some(Value::from(current.image_id.as_str())),
            to: Some(new.unwrap_or_else(|| "a newer one".into())),
        });
    }
    fields
}

/// Returns whether a replica of the service already is as desired. `renewed` contains the full names of images that are pulled or built.
pub(super) fn is_deployed(service: &DesiredService, observed: &Observed, renewed: &BTreeSet<String>) -> bool {
    let its = observed.slots.iter().filter(|(target, _)| target.service == service.name);
    let mut currents = its.filter_map(|(_, slot)| slot.current.as_ref());
    currents.any(|current| differs(service, current, observed, renewed).is_empty())
}

/// Compares without the algorithm, which Podman leaves out.
fn is_of(container: &Found, image: &str) -> bool {
    let digits = |id: &str| id.rsplit(':').next().unwrap_or_default().to_owned();
    digits(&container.image_id) == digits(image)
}
