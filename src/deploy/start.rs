//! Deploying a service: from a spec to a container that is ready.

use super::attempt::Attempt;
use super::event::Event;
use super::failure::{AtStep, Failure, Step};
use super::file;
use super::label::TEMPORARY;
use super::networks::{connect, split_off};
use super::prepare::{Image, have_image, have_network, have_volume};
use super::project::invalid;
use super::ready::{Began, Ready, gate, next_exit};
use super::run::Run;
use super::running::Running;
use crate::container::Container;
use crate::network::EndpointSettings;
use crate::{Docker, Map, Platform};
use std::time::Duration;

/// Default limit of the time from a service's start until it is ready.
const DEADLINE: Duration = Duration::from_secs(60);

impl Run {
    /// Starts a service and waits until it is ready.
    ///
    /// # Errors
    /// [`Failure`] with the container's state and last log lines. Everything that this run created is already removed.
    pub async fn start(self, docker: &Docker) -> Result<Running, Failure> {
        let (ready, remove_on_drop) = (self.ready.clone(), self.remove_on_drop);
        let deadline = self.deadline.unwrap_or(DEADLINE);
        check(&ready, deadline, &self.spec.host_config.network_mode).map_err(Failure::refused)?;
        if !self.collect.is_empty() {
            return Err(Failure::refused("`Run::collect` is for jobs: run one with `Run::to_completion`"));
        }
        let mut running = Box::pin(self.launch(docker)).await?;
        let started = (&running.container, Began::Now);
        match gate(&ready, deadline, docker, started, &mut running.exit).await.at_step(Step::Ready) {
            Ok(()) => {
                running.attempt.tell(&Event::Ready);
                running.attempt.succeed(remove_on_drop);
                Ok(running)
            }
            Err(failure) => Err(running.attempt.fail(failure, Some(&running.container)).await),
        }
    }

    /// Prepares, creates and starts the container, with its files. The wait for its exit begins before the start, so a quick exit
    /// is not missed.
    pub(super) async fn launch(mut self, docker: &Docker) -> Result<Running, Failure> {
        if let Some(why) = invalid(&self.spec) {
            return Err(Failure::refused(why.as_str()));
        }
        file::check(&self.files).map_err(Failure::refused)?;
        file::check_mounts(&self.files, &self.spec.host_config).map_err(Failure::refused)?;
        let files = file::read(&self.files).and_then(|files| file::archive(&files)).map_err(Failure::refused)?;
        let platform = self.platform.take().transpose().map_err(Failure::refused)?;
        let cleanup = (self.cleanup.take(), self.cleanup_limit);
        let mut attempt = Attempt::new(docker, std::mem::take(&mut self.observer), self.keep_failed, cleanup);

        let (container, later) = match self.create(&mut attempt, platform.as_ref()).await {
            Ok(created) => created,
            Err(failure) => return Err(attempt.fail(failure, None).await),
        };
        let warnings = container.warnings().to_vec();
        attempt.tell(&Event::Created { id: container.id().to_owned(), warnings });
        let started = async {
            connect(docker, &container, later).await?;
            if let Some(files) = files {
                file::copy(&container, files).await?;
            }
            let exit = next_exit(&container).await?;
            container.start().await?;
            Ok::<_, crate::Error>(exit)
        };
        match started.await.at_step(Step::Start) {
            Ok(exit) => {
                attempt.tell(&Event::Started);
                Ok(Running { host: docker.endpoint().published_host(), container, exit, attempt })
            }
            Err(failure) => Err(attempt.fail(failure, Some(&container)).await),
        }
    }

    /// Creates the container, and before that its networks and volumes. Returns the networks that it is to be connected to.
    async fn create(
        self,
        attempt: &mut Attempt,
        platform: Option<&Platform>,
    ) -> Result<(Container, Map<EndpointSettings>), Failure> {
        let (name, credentials) = (&self.spec.config.image, self.credentials.as_ref());
        let image = Image { name, policy: self.pull, platform, credentials };
        let Attempt { docker, observer, .. } = attempt;
        have_image(docker, image, &mut |event| observer.tell(event)).await.at_step(Step::Pull)?;
        for network in self.networks {
            let network = if self.remove_on_drop { network.label(TEMPORARY, "true") } else { network };
            have_network(attempt, network).await.at_step(Step::Network)?;
        }
        for volume in self.volumes {
            have_volume(attempt, volume).await.at_step(Step::Volume)?;
        }
        let (key, id) = attempt.label();
        let spec = if self.remove_on_drop { self.spec.label(TEMPORARY, "true") } else { self.spec };
        let mut spec = spec.label(key, id);
        let later = split_off(&mut spec, attempt.docker.api_version().await.at_step(Step::Create)?);
        let mut create = attempt.docker.containers().create(spec);
        if let Some(name) = self.name {
            create = create.name(name);
        }
        if let Some(platform) = platform {
            create = create.platform(platform);
        }
        Ok((create.await.at_step(Step::Create)?, later))
    }
}

fn check(ready: &Ready, deadline: Duration, network_mode: &str) -> Result<(), String> {
    if ready.is_exited() {
        return Err("`Ready::exited` is not for services: run a job with `Run::to_completion`".to_owned());
    }
    ready.check(network_mode)?;
    ready.check_within(deadline)
}
