//! What a container needs before it can be made: its image, its networks, its volumes.

use super::attempt::Attempt;
use super::event::Event;
use super::failure::{Cause, Step};
use super::run::{PullPolicy, Run};
use crate::image::{ImageInspect, ImageReference, Pull, PullResult};
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use crate::{Platform, Result};

/// Has the image, the networks and the volumes; or says at which of them it failed.
pub(super) async fn prepare(attempt: &mut Attempt, run: &mut Run) -> Result<(), (Step, Cause)> {
    let platform = run.checked_platform().map_err(|error| (Step::Pull, error.into()))?;
    image(attempt, run, platform).await.map_err(|error| (Step::Pull, error.into()))?;
    for network in std::mem::take(&mut run.networks) {
        have_network(attempt, network).await.map_err(|error| (Step::Network, error.into()))?;
    }
    for volume in std::mem::take(&mut run.volumes) {
        have_volume(attempt, volume).await.map_err(|error| (Step::Volume, error.into()))?;
    }
    Ok(())
}

async fn image(attempt: &mut Attempt, run: &Run, platform: Option<&Platform>) -> Result<()> {
    let image = run.spec.config.image.clone();
    let is_there = match run.pull {
        PullPolicy::Never => true, // making the container says so if not
        PullPolicy::Always => false,
        PullPolicy::Missing => match attempt.docker.image(&image).inspect().await {
            Ok(found) => platform.is_none_or(|platform| is_for(&found, platform)),
            Err(error) if error.is_not_found() => false,
            Err(error) => return Err(error),
        },
    };
    if is_there {
        attempt.tell(&Event::ImagePresent(image));
        return Ok(());
    }
    let mut pull = attempt.docker.images().pull(&image);
    if let Some(platform) = platform {
        pull = pull.platform(platform);
    }
    if let Some(credentials) = &run.credentials {
        pull = pull.credentials(credentials);
    }
    let full_name = image.parse::<ImageReference>().map_or(image, |reference| reference.name());
    attempt.tell(&Event::Pulling(full_name));
    let pulled = follow(attempt, pull).await?;
    attempt.tell(&Event::Pulled(pulled));
    Ok(())
}

async fn follow(attempt: &mut Attempt, pull: Pull) -> Result<PullResult> {
    let mut steps = pull.stream().await?;
    let mut pulled = PullResult::default();
    while let Some(step) = steps.next().await {
        let step = step?;
        pulled.note(&step);
        attempt.tell(&Event::PullProgress(Box::new(step)));
    }
    Ok(pulled)
}

/// Whether an image that is there is for the platform that is asked for.
fn is_for(image: &ImageInspect, platform: &Platform) -> bool {
    let variant = image.variant.as_deref().unwrap_or_default();
    [(&*platform.os, &*image.os), (&platform.architecture, &image.architecture), (&platform.variant, variant)]
        .into_iter()
        .all(|(asked, has)| asked.is_empty() || asked == has)
}

async fn have_network(attempt: &mut Attempt, mut spec: NetworkSpec) -> Result<()> {
    let name = spec.name.clone();
    // Asked first: older engines make a second network of the same name.
    let made = match attempt.docker.network(&name).inspect().await {
        Ok(_) => false,
        Err(error) if error.is_not_found() => {
            spec.labels.extend([attempt.label()]);
            match attempt.docker.networks().create(spec).await {
                Ok(_) => true,
                Err(error) if error.is_conflict() => false, // somebody else was faster
                Err(error) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    attempt.tell(&Event::Network { name, made });
    Ok(())
}

async fn have_volume(attempt: &mut Attempt, mut spec: VolumeSpec) -> Result<()> {
    // One that is there already keeps its labels, and so is not taken for this run's.
    let (key, id) = attempt.label();
    spec.labels.insert(key, id.clone());
    let volume = attempt.docker.volumes().create(spec).await?;
    let made = volume.inspect().await?.labels.get(key) == Some(&id);
    attempt.tell(&Event::Volume { name: volume.name().to_owned(), made });
    Ok(())
}
