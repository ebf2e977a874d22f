//! [`Plan`](super::Plan): the way from the observed to the desired state.

mod change;
mod desired;
pub(super) mod digest;
mod observed;

pub(super) use change::differences;
pub use change::{Change, FieldChange};
pub(super) use desired::{Desired, DesiredService, label, one_off};
pub(super) use observed::{Found, Observed, Slot, is_running};

use super::Order;
use super::prepare::is_older;
use super::project::{exclusive, written_by_one};
use super::pull_policy::PullPolicy;
use super::target::{Recovery, Target};
use crate::Credentials;
use crate::image::ImageReference;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Computes the changes from the desired and the observed state, without I/O.
///
/// `newer` contains the names of images that are newer in their registry or build folder than on the engine.
pub(super) fn changes(desired: &Desired, observed: &Observed, newer: &BTreeSet<String>) -> Vec<Change> {
    let mut changes = Vec::new();
    let networks = desired.networks.iter().map(|network| &network.name);
    let networks = networks.filter(|name| !observed.networks.contains(*name)).cloned();
    changes.extend(networks.map(|name| Change::CreateNetwork { name }));
    let volumes = desired.volumes.iter().map(|volume| &volume.name);
    let volumes = volumes.filter(|name| !observed.volumes.contains(*name)).cloned();
    changes.extend(volumes.map(|name| Change::CreateVolume { name }));

    let mut containers = Vec::new();
    for service in &desired.services {
        for target in service.targets() {
            let slot = observed.slots.get(&target);
            containers.extend(of_slot(service, target, slot, observed, newer));
        }
    }
    let wanted: BTreeSet<_> = desired.targets().collect();
    containers.extend(observed.slots.keys().filter(|target| !wanted.contains(*target)).cloned().map(Change::Remove));
    changes.extend(images(desired, observed, newer, &containers));
    changes.extend(containers);
    changes
}

/// Returns a pull or build for each image that new containers need.
fn images(desired: &Desired, observed: &Observed, newer: &BTreeSet<String>, containers: &[Change]) -> Vec<Change> {
    let made = containers.iter().filter(|change| matches!(change, Change::Create(_) | Change::Replace { .. }));
    let made = made.filter_map(|change| desired.service(&change.target()?.service));
    let images = made.flat_map(|service| {
        let before = service.before.as_ref().map(|before| &before.config.image);
        before.into_iter().chain([&service.spec.config.image]).map(|image| (image, service.service.pull))
    });
    let mut needed = BTreeMap::new();
    for (image, policy) in images {
        let may_be_had = policy != PullPolicy::Never || desired.built(image).is_some();
        let is_needed = may_be_had && (observed.image(image).is_none() || newer.contains(image));
        *needed.entry(image).or_insert(false) |= is_needed;
    }
    let needed = needed.into_iter().filter(|(_, is_needed)| *is_needed).map(|(image, _)| image.clone());
    needed
        .map(|image| match desired.built(&image) {
            Some(_) => Change::Build { image },
            None => Change::Pull { image },
        })
        .collect()
}

/// Returns the changes of a replica: first the recovery from an interrupted deployment, then the way to the desired state.
fn of_slot(
    service: &DesiredService,
    target: Target,
    slot: Option<&Slot>,
    observed: &Observed,
    newer: &BTreeSet<String>,
) -> Vec<Change> {
    let Some(slot) = slot else { return vec![Change::Create(target)] };
    let mut changes = Vec::new();
    let mut recover = |recovery| changes.push(Change::Recover { target: target.clone(), recovery });
    let restored = slot.to_restore();
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
    let fields = differs(service, current, observed, newer);
    if !fields.is_empty() {
        let single = exclusive(&service.service).or_else(|| written_by_one(&service.service));
        let order = match service.service.order {
            Order::Auto if single.is_some() => Order::StopFirst,
            Order::Auto => Order::StartFirst,
            order => order,
        };
        let because = single.filter(|_| order == Order::StopFirst);
        changes.push(Change::Replace { target, order, because, fields });
    } else if restored.is_none() && !current.is_running() && !current.has_succeeded {
        changes.push(Change::Start(target));
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
        let known = serde_json::from_str(current.label(label::CONFIGURATION)).unwrap_or(Value::Null);
        fields = differences(&known, &service.configuration);
    }
    let image = &service.spec.config.image;
    let is_other = observed.image(image).is_some_and(|image| !is_of(current, &image.id));
    if fields.is_empty() && (is_other || newer.contains(image)) {
        let new = observed.image(image).filter(|_| is_other).map(|image| Value::from(image.id.as_str()));
        fields.push(FieldChange {
            field: format!("the image behind {image}"),
            from: Some(Value::from(current.image_id.as_str())),
            to: Some(new.unwrap_or_else(|| "a newer one".into())),
        });
    }
    fields
}

/// Returns whether a replica of the service already is as desired. `renewed` contains the names of images that are pulled or built.
pub(super) fn is_deployed(service: &DesiredService, observed: &Observed, renewed: &BTreeSet<String>) -> bool {
    let its = observed.slots.iter().filter(|(target, _)| target.service == service.name);
    let mut currents = its.filter_map(|(_, slot)| slot.current.as_ref());
    currents.any(|current| differs(service, current, observed, renewed).is_empty())
}

/// Returns the credentials for an image: those of a service that uses it, or whose `before` uses it from the same registry.
pub(super) fn credentials<'a>(desired: &'a Desired, image: &str) -> Option<&'a Credentials> {
    let registry = |image: &str| image.parse::<ImageReference>().ok().map(|reference| reference.registry().to_owned());
    let uses = |service: &&DesiredService| {
        let own = &service.spec.config.image;
        let is_before = service.before.as_ref().is_some_and(|before| before.config.image == image);
        own == image || (is_before && registry(own) == registry(image))
    };
    desired.services.iter().filter(uses).find_map(|service| service.service.credentials.as_ref())
}

/// Compares without the algorithm, which Podman leaves out.
fn is_of(container: &Found, image: &str) -> bool {
    let digits = |id: &str| id.rsplit(':').next().unwrap_or_default().to_owned();
    digits(&container.image_id) == digits(image)
}

/// Returns the images that are outdated on the engine: their build folder has changed, or their registry has a newer one.
///
/// Asks registries only where the pull policy requires it.
pub(super) async fn newer(
    docker: &crate::Docker,
    desired: &Desired,
    observed: &Observed,
) -> crate::Result<BTreeSet<String>> {
    let mut newer = BTreeSet::new();
    for service in &desired.services {
        let image = &service.spec.config.image;
        let Some(local) = observed.image(image) else { continue };
        if let Some((_, digest)) = &service.build {
            if local.labels.get(label::BUILT_FROM) != Some(digest) {
                newer.insert(image.clone());
            }
            continue;
        }
        let is_asked = match service.service.pull {
            PullPolicy::Always => true,
            PullPolicy::OlderThan(age) => is_older(&docker.image(image).inspect().await?, age),
            PullPolicy::Missing | PullPolicy::Never => false,
        };
        if newer.contains(image) || !is_asked {
            continue;
        }
        let mut distribution = docker.image(image).distribution();
        if let Some(credentials) = credentials(desired, image) {
            distribution = distribution.credentials(credentials);
        }
        let digest = distribution.await?.descriptor.digest;
        if !local.repo_digests.iter().any(|known| known.ends_with(&digest)) {
            newer.insert(image.clone());
        }
    }
    Ok(newer)
}
