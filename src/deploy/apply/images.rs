//! Gets the images: pulls, builds and pushes them, and resolves their names to digests.

use super::{Applying, stopped};
use crate::Result;
use crate::container::Healthcheck;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Concerning, Failure, Step};
use crate::deploy::plan::{Change, credentials, repo_digest};
use crate::deploy::prepare::{Image, have_image};
use crate::deploy::pull_policy::PullPolicy;
use std::sync::Arc;
use tokio::task::JoinSet;

#[cfg(feature = "tar")]
use crate::{deploy::plan::label, image::BuildResult};

impl Applying {
    /// Pulls, builds and pushes the images.
    pub(super) async fn images(self: &Arc<Self>, changes: &[Change]) -> Result<(), Failure> {
        self.pull(changes).await?;
        for change in changes {
            let (step, image, done) = match change {
                Change::Build { image } => (Step::Build, image, self.build(image).await),
                Change::Push { image } => (Step::Push, image, self.push(image).await),
                _ => continue,
            };
            done.at_step(step).at(image)?;
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
    async fn build(&self, image: &str) -> Result<()> {
        let Some(service) = self.desired.built(image) else { return Ok(()) };
        let Some((from, digest)) = &service.build else { return Ok(()) };
        self.tell(None, &Event::Building(image.to_owned()));
        let mut build = self.docker.images().build(from.context.as_path()).tag(image).label(label::BUILT_FROM, digest);
        #[cfg(feature = "buildkit")]
        if self.docker.ping().await?.builder_version == Some(crate::system::BuilderVersion::BuildKit) {
            build = build.builder(crate::system::BuilderVersion::BuildKit);
        }
        if let Some(dockerfile) = &from.dockerfile {
            build = build.dockerfile(dockerfile);
        }
        if let Some(target) = &from.target {
            build = build.target(target);
        }
        for (name, value) in &from.args {
            build = build.build_arg(name, value);
        }
        let mut result = BuildResult::default();
        let mut steps = build.stream().await?;
        while let Some(step) = steps.next().await {
            let step = step?;
            result.note(&step);
            self.tell(None, &Event::BuildProgress(Box::new(step)));
        }
        self.tell(None, &Event::Built(result.id));
        Ok(())
    }

    #[cfg(not(feature = "tar"))]
    #[allow(clippy::unused_async, reason = "it is, with the feature")]
    async fn build(&self, _: &str) -> Result<()> {
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

    /// Returns the engine's current image of this name by digest. So all containers use the same image, even if the tag moves.
    ///
    /// Also returns the image's health check, if any.
    pub(super) async fn resolve(&self, name: &str) -> Result<(String, Option<Healthcheck>)> {
        let image = self.docker.image(name).inspect().await?;
        let check = image.config.and_then(|config| config.healthcheck);
        Ok((repo_digest(name, &image.repo_digests).cloned().unwrap_or(image.id), check))
    }
}
