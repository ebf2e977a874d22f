//! What a container needs before it can be created: its image, networks and volumes.

use super::attempt::Attempt;
use super::event::Event;
use super::failure::{Cause, Step};
use super::project::{File, archive, check_files, invalid};
use super::pull_policy::PullPolicy;
use super::run::Run;
use crate::image::{ImageInspect, ImageReference, PullResult};
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use crate::{Credentials, Docker, Platform, Timestamp, Upload};
use std::time::Duration;

/// Reads the files, gets the image, and creates the networks and volumes. Returns the files as an archive, or the step that
/// failed.
pub(super) async fn prepare(attempt: &mut Attempt, run: &mut Run) -> Result<Option<Upload>, (Step, Cause)> {
    if let Some(why) = invalid(&run.spec) {
        return Err((Step::Check, Cause::Refused(why.clone())));
    }
    let files = read(&run.files).map_err(|why| (Step::Check, Cause::Refused(why)))?;
    let platform = run.checked_platform().map_err(|why| (Step::Check, why))?;
    image(attempt, run, platform).await.map_err(|error| (Step::Pull, error.into()))?;
    for network in std::mem::take(&mut run.networks) {
        have_network(attempt, network).await.map_err(|error| (Step::Network, error.into()))?;
    }
    for volume in std::mem::take(&mut run.volumes) {
        have_volume(attempt, volume).await.map_err(|error| (Step::Volume, error.into()))?;
    }
    Ok(files)
}

fn read(files: &[File]) -> Result<Option<Upload>, String> {
    check_files(files)?;
    let files = files.iter().map(|file| Ok((file.clone(), file.read()?)));
    archive(&files.collect::<Result<Vec<_>, String>>()?)
}

async fn image(attempt: &mut Attempt, run: &Run, platform: Option<&Platform>) -> crate::Result<()> {
    let image =
        Image { name: &run.spec.config.image, policy: run.pull, platform, credentials: run.credentials.as_ref() };
    let (docker, observer) = attempt.parts();
    have_image(docker, image, &mut |event| observer.tell(event)).await
}

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
    let found = match image.policy {
        PullPolicy::Never => return Ok(true), // creating the container fails if the image is missing
        PullPolicy::Always => return Ok(false),
        PullPolicy::Missing | PullPolicy::OlderThan(_) => docker.image(image.name).inspect().await,
    };
    let found = match found {
        Ok(found) if image.platform.is_none_or(|platform| is_for(&found, platform)) => found,
        Ok(_) => return Ok(false),
        Err(error) if error.is_not_found() => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(match image.policy {
        PullPolicy::OlderThan(age) => !is_older(&found, age),
        _ => true,
    })
}

/// Returns whether the engine tagged an image longer ago than `age`, or at an unknown time.
pub(super) fn is_older(image: &ImageInspect, age: Duration) -> bool {
    let since = image.metadata.last_tag_time.map(|tagged| Timestamp::now().duration_since(tagged));
    since.is_none_or(|since| Duration::try_from(since).unwrap_or_default() > age)
}

/// Returns whether an image is for this platform.
fn is_for(image: &ImageInspect, platform: &Platform) -> bool {
    let variant = image.variant.as_deref().unwrap_or_default();
    [(&*platform.os, &*image.os), (&platform.architecture, &image.architecture), (&platform.variant, variant)]
        .into_iter()
        .all(|(asked, has)| asked.is_empty() || asked == has)
}

async fn have_network(attempt: &mut Attempt, mut spec: NetworkSpec) -> crate::Result<()> {
    let name = spec.name.clone();
    // Inspects first: older engines create a second network of the same name.
    let made = match attempt.docker().network(&name).inspect().await {
        Ok(_) => false,
        Err(error) if error.is_not_found() => {
            spec.labels.extend([attempt.label()]);
            match attempt.docker().networks().create(spec).await {
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

async fn have_volume(attempt: &mut Attempt, mut spec: VolumeSpec) -> crate::Result<()> {
    // An existing volume keeps its labels, which shows that this run did not create it.
    let (key, id) = attempt.label();
    spec.labels.insert(key, id.clone());
    let volume = attempt.docker().volumes().create(spec).await?;
    let made = volume.inspect().await?.labels.get(key) == Some(&id);
    attempt.tell(&Event::Volume { name: volume.name().to_owned(), made });
    Ok(())
}
