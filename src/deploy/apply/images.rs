//! Gets the images: pulls, builds and pushes them, and resolves their names to digests.

use super::{Applying, stopped};
use crate::Result;
use crate::container::Healthcheck;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Concerning, Failure, Step};
use crate::deploy::plan::{Change, credentials, full_name, repo_digest};
use crate::deploy::prepare::{Image, have_image};
use crate::deploy::pull_policy::PullPolicy;
use crate::image::ImageInspect;
use std::sync::Arc;
use tokio::task::JoinSet;

#[cfg(feature = "tar")]
use crate::{
    deploy::plan::label,
    image::{Build, BuildResult},
    system::BuilderVersion,
};

/// Number of last records of a build's output that are kept. A record is a line or a part of one.
#[cfg(feature = "tar")]
const LAST_RECORDS: usize = 100;

impl Applying {
    /// Pulls, builds and pushes the images.
    pub(super) async fn images(self: &Arc<Self>, changes: &[Change]) -> Result<(), Failure> {
        self.pull(changes).await?;
        for change in changes {
            match change {
                Change::Build { image } => self.build(image).await.at(image)?,
                Change::Push { image } => self.push(image).await.at_step(Step::Push).at(image)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Pulls each image once, several at the same time.
    async fn pull(self: &Arc<Self>, changes: &[Change]) -> Result<(), Failure> {
        let images = changes.iter().filter_map(|change| match change {
            Change::Pull { image } => Some(image.clone()),
            _ => None,
        });
        let mut pulls = JoinSet::new();
        for name in images {
            let this = self.clone();
            pulls.spawn(async move {
                let _permit = this.permits.acquire().await;
                let credentials = credentials(&this.desired, &name);
                let image = Image { name: &name, policy: PullPolicy::Always, platform: None, credentials };
                let done = have_image(&this.docker, image, &mut |event| this.tell(None, event)).await;
                done.at_step(Step::Pull).at(&name)
            });
        }
        while let Some(pulled) = pulls.join_next().await {
            pulled.map_err(|error| stopped(&error))??;
        }
        Ok(())
    }

    /// Builds an image from a folder.
    #[cfg(feature = "tar")]
    async fn build(&self, image: &str) -> Result<(), Failure> {
        let Some(service) = self.desired.built(image) else { return Ok(()) };
        let Some((from, digest)) = &service.build else { return Ok(()) };
        self.tell(None, &Event::Building(image.to_owned()));
        let mut build = self.docker.images().build(from.context.as_path()).tag(image).label(label::BUILT_FROM, digest);
        #[cfg(feature = "buildkit")]
        let builder = self.docker.ping().await.at_step(Step::Build)?.builder_version;
        #[cfg(not(feature = "buildkit"))]
        let builder = None;
        build = match builder {
            Some(BuilderVersion::BuildKit) => build.builder(BuilderVersion::BuildKit),
            _ => build.force_rm(true),
        };
        if let Some(dockerfile) = &from.dockerfile {
            build = build.dockerfile(dockerfile);
        }
        if let Some(target) = &from.target {
            build = build.target(target);
        }
        for (name, value) in &from.args {
            build = build.build_arg(name, value);
        }
        let mut output = Vec::new();
        let followed = self.steps(build, &mut output).await.at_step(Step::Build);
        followed.map_err(|failure| failure.with_output(&output.concat()))
    }

    /// Follows a build. Adds the last output of the classic builder. BuildKit's error has that of the step that failed.
    #[cfg(feature = "tar")]
    async fn steps(&self, build: Build, output: &mut Vec<String>) -> Result<()> {
        let mut result = BuildResult::default();
        let mut steps = build.stream().await?;
        while let Some(step) = steps.next().await {
            let step = step?;
            result.note(&step);
            output.extend(step.stream.clone());
            output.drain(..output.len().saturating_sub(LAST_RECORDS));
            self.tell(None, &Event::BuildProgress(Box::new(step)));
        }
        self.tell(None, &Event::Built(result.id));
        Ok(())
    }

    #[cfg(not(feature = "tar"))]
    #[allow(clippy::unused_async, reason = "it is, with the feature")]
    async fn build(&self, _: &str) -> Result<(), Failure> {
        Ok(()) // validation has refused it before
    }

    async fn push(&self, image: &str) -> Result<()> {
        self.tell(None, &Event::Pushing(image.to_owned()));
        let mut push = self.docker.image(image).push();
        if let Some(credentials) = credentials(&self.desired, image) {
            push = push.credentials(credentials);
        }
        push.await.map(drop)
    }

    /// Returns the engine's image of this name by digest, as it was when it was first asked for. So all containers of the deployment
    /// use the same image, even if the tag moves.
    ///
    /// Also returns the image's health check, if any.
    pub(super) async fn resolve(&self, name: &str) -> Result<(String, Option<Healthcheck>)> {
        let mut resolved = self.resolved.lock().await;
        if let Some(known) = resolved.get(&full_name(name)) {
            return Ok(known.clone());
        }
        let found = by_digest(name, self.docker.image(name).inspect().await?);
        resolved.insert(full_name(name), found.clone());
        Ok(found)
    }

    /// Returns an image that this name had once, as [`resolve`](Self::resolve) does. If it is gone, the one that has it now.
    pub(super) async fn resolve_as(&self, name: &str, id: &str) -> Result<(String, Option<Healthcheck>)> {
        match self.docker.image(id).inspect().await {
            Err(error) if error.is_not_found() => self.resolve(name).await,
            found => found.map(|image| by_digest(name, image)),
        }
    }
}

/// Returns the name by digest, or else the ID, and the health check.
fn by_digest(name: &str, image: ImageInspect) -> (String, Option<Healthcheck>) {
    let check = image.config.and_then(|config| config.healthcheck);
    (repo_digest(name, &image.repo_digests).cloned().unwrap_or(image.id), check)
}
