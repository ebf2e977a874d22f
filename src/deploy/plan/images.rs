//! The images that a plan pulls, builds and pushes.

use super::change::Change;
use super::desired::{Desired, DesiredService, label};
use super::observed::Observed;
use crate::deploy::prepare::is_older;
use crate::deploy::pull_policy::PullPolicy;
use crate::image::{ImageReference, ImageSummary};
use crate::{Credentials, Docker, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What the registries and build folders have, compared with the engine's images.
#[derive(Default)]
pub(in crate::deploy) struct Sources {
    /// The full names of the images that are newer in their registry or build folder than on the engine.
    pub(super) newer: BTreeSet<String>,
    /// The images that are pulled in any case: they may be outdated, and the engine cannot ask their registries.
    unknown: BTreeSet<String>,
    /// The built images that their registries do not have.
    unpushed: BTreeSet<String>,
}

impl Sources {
    /// Compares the images of these services. Asks a registry only where a pull policy or a push requires it, and once per image.
    pub(in crate::deploy) async fn read<'a>(
        docker: &Docker,
        desired: &'a Desired,
        observed: &Observed,
        services: impl Iterator<Item = &'a DesiredService>,
    ) -> Result<Self> {
        let (mut pulled, mut built) = (BTreeMap::new(), BTreeMap::new());
        for service in services {
            for image in service.images() {
                let Some(local) = observed.image(image) else { continue };
                if let Some(builder) = desired.built(image) {
                    built.insert(full_name(image), (builder, image, local));
                } else if let Some(age) = longest_age(service.service.pull) {
                    let (shortest, ..) = pulled.entry(full_name(image)).or_insert((age, image, local));
                    *shortest = age.min(*shortest);
                }
            }
        }
        let mut sources = Self::default();
        for (full_name, (age, image, local)) in pulled {
            if !age.is_zero() && !is_older(&docker.image(image).inspect().await?, age) {
                continue;
            }
            match digest_in_registry(docker, desired, image, image).await? {
                None => drop(sources.unknown.insert(image.to_owned())),
                Some(digest) if local.repo_digests.iter().any(|known| known.ends_with(&digest)) => {}
                Some(_) => drop(sources.newer.insert(full_name)),
            }
        }
        for (full_name, (builder, image, local)) in built {
            let Some((from, digest)) = &builder.build else { continue };
            if local.labels.get(label::BUILT_FROM) != Some(digest) {
                sources.newer.insert(full_name);
            } else if from.push && !is_pushed(docker, desired, image, local).await {
                sources.unpushed.insert(image.to_owned());
            }
        }
        Ok(sources)
    }
}

/// Returns the age from which the registry is asked for a newer image. `None` if it is never asked.
fn longest_age(policy: PullPolicy) -> Option<Duration> {
    match policy {
        PullPolicy::Always => Some(Duration::ZERO),
        PullPolicy::OlderThan(age) => Some(age),
        PullPolicy::Missing | PullPolicy::Never => None,
    }
}

/// Returns whether the registry has a built image. A deployer may have been killed, or its push refused, after the build.
///
/// Pushes again if the registry does not tell: some refuse to say that they do not have an image.
async fn is_pushed(docker: &Docker, desired: &Desired, image: &str, local: &ImageSummary) -> bool {
    let Some(pushed) = repo_digest(image, &local.repo_digests) else { return false };
    let found = digest_in_registry(docker, desired, image, pushed).await;
    found.is_ok_and(|digest| digest.is_none_or(|digest| pushed.ends_with(&digest)))
}

/// Returns the digest of `name` in its registry, asked with the credentials for `image`. `None` if the engine cannot ask.
async fn digest_in_registry(docker: &Docker, desired: &Desired, image: &str, name: &str) -> Result<Option<String>> {
    let mut distribution = docker.image(name).distribution();
    if let Some(credentials) = credentials(desired, image) {
        distribution = distribution.credentials(credentials);
    }
    match distribution.await {
        Ok(found) => Ok(Some(found.descriptor.digest)),
        // Podman does not have this operation, and says so in one of two ways.
        Err(error) if error.is_not_found() && is_unknown_path(error.message()) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_unknown_path(message: &str) -> bool {
    message == "Not Found" || message.contains("is not supported")
}

/// Returns an image's name with its registry and its tag or digest. So `shop` and `shop:latest` are the same.
pub(in crate::deploy) fn full_name(image: &str) -> String {
    let Ok(reference) = image.parse::<ImageReference>() else { return image.to_owned() };
    match reference.digest() {
        Some(digest) => format!("{}@{digest}", reference.name()),
        None => format!("{}:{}", reference.name(), reference.tag_or_latest()),
    }
}

/// Returns an image's digest in the repository of this name, as `name@digest`.
pub(in crate::deploy) fn repo_digest<'a>(name: &str, digests: &'a [String]) -> Option<&'a String> {
    let repository = |name: &str| name.parse::<ImageReference>().ok().map(|reference| reference.name());
    let own = repository(name)?;
    digests.iter().find(|digest| repository(digest).as_ref() == Some(&own))
}

/// Returns the pulls, builds and pushes: of images that new containers need, and of those that are pulled or pushed in any case.
#[inline] // generates code only in crates that deploy
pub(super) fn images(desired: &Desired, observed: &Observed, sources: &Sources, containers: &[Change]) -> Vec<Change> {
    // A container that has lost a network is created anew from the image that it has.
    let has_image = |change: &Change| {
        let slot = change.target().and_then(|target| observed.slots.get(target));
        let replaced = slot.and_then(|slot| slot.current.as_ref().or_else(|| slot.to_restore()));
        change.is_for_network() && replaced.is_some_and(|found| observed.image(&found.image_id).is_some())
    };
    let made = containers.iter().filter(|change| match change {
        Change::Create(_) => true,
        Change::Replace { .. } => !has_image(change),
        _ => false,
    });
    let made = made.filter_map(|change| desired.service(&change.target()?.service));
    let mut needed = BTreeMap::new();
    for service in made {
        for image in service.images() {
            let may_be_had = service.service.pull != PullPolicy::Never || desired.built(image).is_some();
            if may_be_had && (observed.image(image).is_none() || sources.newer.contains(&full_name(image))) {
                needed.entry(full_name(image)).or_insert(image);
            }
        }
    }
    let others = sources.unknown.iter().chain(&sources.unpushed).map(String::as_str);
    let others = others.map(|image| (full_name(image), image));
    let all: BTreeMap<_, _> = others.chain(needed.clone()).collect();
    let changes = all.iter().flat_map(|(name, image)| of_image(desired.built(image), image, needed.contains_key(name)));
    changes.collect()
}

fn of_image(builder: Option<&DesiredService>, image: &str, is_needed: bool) -> Vec<Change> {
    let image = || image.to_owned();
    let Some(builder) = builder else { return vec![Change::Pull { image: image() }] };
    let build = is_needed.then(|| Change::Build { image: image() });
    let is_pushed = builder.build.as_ref().is_some_and(|(from, _)| from.push);
    build.into_iter().chain(is_pushed.then(|| Change::Push { image: image() })).collect()
}

/// Returns the credentials for an image: those of a service that uses it, or whose `before` uses it from the same registry.
pub(in crate::deploy) fn credentials<'a>(desired: &'a Desired, image: &str) -> Option<&'a Credentials> {
    let registry = |image: &str| image.parse::<ImageReference>().ok().map(|reference| reference.registry().to_owned());
    let uses = |service: &&DesiredService| {
        let own = &service.spec.config.image;
        let is_same = |other: &str| full_name(other) == full_name(image);
        let is_before = service.before.as_ref().is_some_and(|before| is_same(&before.config.image));
        is_same(own) || (is_before && registry(own) == registry(image))
    };
    desired.services.iter().filter(uses).find_map(|service| service.service.credentials.as_ref())
}
