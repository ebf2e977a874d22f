//! What a container needs before it can be created: its image, networks and volumes.

use super::attempt::Attempt;
use super::event::Event;
use super::pull_policy::PullPolicy;
use crate::image::{ImageInspect, ImageReference, PullResult};
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use crate::{Credentials, Docker, Platform, Timestamp, Version};
use std::time::Duration;

/// The image that is needed.
#[derive(Clone, Copy)]
pub(super) struct Image<'a> {
    pub(super) name: &'a str,
    pub(super) policy: PullPolicy,
    pub(super) platform: Option<&'a Platform>,
    pub(super) credentials: Option<&'a Credentials>,
}

/// Pulls an image if its policy requires it.
pub(super) async fn have_image(
    docker: &Docker,
    image: Image<'_>,
    tell: &mut (dyn FnMut(&Event) + Send),
) -> crate::Result<()> {
    if is_good_enough(docker, &image).await? {
        tell(&Event::ImagePresent(image.name.to_owned()));
        return Ok(());
    }
    let mut pull = docker.images().pull(image.name);
    if let Some(platform) = image.platform {
        pull = pull.platform(platform);
    }
    if let Some(credentials) = image.credentials {
        pull = pull.credentials(credentials);
    }
    let full_name = image.name.parse::<ImageReference>().map_or(image.name.to_owned(), |reference| reference.name());
    tell(&Event::Pulling(full_name));
    let mut steps = pull.stream().await?;
    let mut pulled = PullResult::default();
    while let Some(step) = steps.next().await {
        let step = step?;
        pulled.note(&step);
        tell(&Event::PullProgress(Box::new(step)));
    }
    tell(&Event::Pulled(pulled));
    Ok(())
}

/// Returns whether the engine's image can be used without a pull.
async fn is_good_enough(docker: &Docker, image: &Image<'_>) -> crate::Result<bool> {
    let limit = match image.policy {
        PullPolicy::Never => return Ok(true), // creating the container fails if the image is missing
        PullPolicy::Always => return Ok(false),
        PullPolicy::Missing => None,
        PullPolicy::OlderThan(age) => Some(age),
    };
    match inspect(docker, image).await? {
        Some(found) => Ok(limit.is_none_or(|age| !is_older(&found, age))),
        None => Ok(false),
    }
}

/// Inspects the engine's image for the platform. `None` if there is none.
async fn inspect(docker: &Docker, image: &Image<'_>) -> crate::Result<Option<ImageInspect>> {
    let mut inspect = docker.image(image.name).inspect();
    let mut compared = image.platform;
    // A name may stand for images of several platforms. Older engines tell about one of them.
    if let Some(platform) = image.platform.filter(|platform| !platform.architecture.is_empty()) {
        if docker.api_version().await? >= Version::new(1, 49) {
            (inspect, compared) = (inspect.platform(platform), None);
        }
    }
    match inspect.await {
        Ok(found) => Ok(compared.is_none_or(|platform| platform.is_met_by(&platform_of(&found))).then_some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns whether the engine tagged an image longer ago than `age`, or at an unknown time.
pub(super) fn is_older(image: &ImageInspect, age: Duration) -> bool {
    let since = image.metadata.last_tag_time.map(|tagged| Timestamp::now().duration_since(tagged));
    since.is_none_or(|since| Duration::try_from(since).unwrap_or_default() > age)
}

fn platform_of(image: &ImageInspect) -> Platform {
    let variant = image.variant.clone().unwrap_or_default();
    Platform { variant, ..Platform::new(&image.os, &image.architecture) }
}

/// Creates a network, unless one of this name exists.
pub(super) async fn have_network(attempt: &mut Attempt, mut spec: NetworkSpec) -> crate::Result<()> {
    let name = spec.name.clone();
    // Inspects first: older engines create a second network of the same name.
    let made = match attempt.docker.network(&name).inspect().await {
        Ok(_) => false,
        Err(error) if error.is_not_found() => {
            spec.labels.extend([attempt.label()]);
            match attempt.docker.networks().create(spec).await {
                Ok(_) => true,
                Err(error) if error.is_conflict() => false, // another process created it first
                Err(error) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    attempt.tell(&Event::Network { name, made });
    Ok(())
}

/// Creates a volume, unless one of this name exists.
pub(super) async fn have_volume(attempt: &mut Attempt, mut spec: VolumeSpec) -> crate::Result<()> {
    // An existing volume keeps its labels, which shows that this run did not create it.
    let (key, id) = attempt.label();
    spec.labels.insert(key, id.clone());
    let volume = attempt.docker.volumes().create(spec).await?;
    let made = volume.inspect().await?.labels.get(key) == Some(&id);
    attempt.tell(&Event::Volume { name: volume.name().to_owned(), made });
    Ok(())
}
