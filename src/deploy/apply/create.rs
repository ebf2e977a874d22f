//! Creates the new container of a replica, ready to be started.

use super::slot::Work;
use crate::container::{Container, ContainerSpec, Healthcheck};
use crate::deploy::attempt::remove;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Cause, Failure, Step};
use crate::deploy::file;
use crate::deploy::networks::{connect, split_off};
use crate::deploy::plan::{Found, have_same, label};
use crate::deploy::ready::{Exit, next_exit};
use crate::{Error, ErrorKind, Result, Version};
use std::time::Duration;

/// The engine's defaults for health checks: the interval, and the number of failures that make a container unhealthy.
const INTERVAL: Duration = Duration::from_secs(30);
const RETRIES: u32 = 3;

impl Work<'_> {
    /// Creates the new container, with its files. One of the version of another one has its image, even if the tag has moved, and
    /// its release, which rollbacks compare.
    pub(super) async fn create_next(&self, version_of: Option<&Found>) -> Result<(Container, Exit), Failure> {
        let image = &self.service.spec.config.image;
        let (image, image_check) = match version_of {
            Some(Found { image_id, .. }) => self.applying.resolve_as(image, image_id).await,
            None => self.applying.resolve(image).await,
        }
        .at_step(Step::Pull)?;
        let release = version_of.map_or(self.applying.release.as_str(), |found| found.label(label::RELEASE));
        let mut spec = self.service.spec.clone();
        spec.config.image = image;
        spec.config.labels.insert(label::REPLICA, self.target.replica.to_string());
        spec.config.labels.insert(label::RELEASE, release);
        if let Some(old) = &self.slot.current {
            spec.config.labels.insert(label::REPLACES, old.id.as_str());
        }
        if self.applying.desired.compose_labels {
            // `docker compose ls` lists containers that have a configuration hash.
            spec.config.labels.insert("com.docker.compose.config-hash", self.service.digest.as_str());
            spec.config.labels.insert("com.docker.compose.container-number", self.target.replica.to_string());
            spec.config.labels.insert("com.docker.compose.oneoff", "False");
            spec.config.labels.insert("com.docker.compose.project.config_files", "");
        }
        if self.service.service.ready.asks_for_health() && self.applying.api_version >= Version::new(1, 44) {
            spec.config.healthcheck = spec.config.healthcheck.or(image_check);
            if let Some(check) = &mut spec.config.healthcheck {
                check_each_second(check, self.service.service.deadline);
            }
        }
        let later = split_off(&mut spec, self.applying.api_version);
        let next = match self.create_as_next(&spec).await {
            Ok(next) => next,
            Err(error) => return Err(self.not_created(&spec, error).await),
        };
        self.tell(&Event::Created { id: next.id().to_owned(), warnings: next.warnings().to_vec() });
        let prepared = async {
            connect(&self.applying.docker, &next, later).await?;
            if let Some(files) = file::archive(&self.service.files).map_err(Cause::Refused)? {
                file::copy(&next, files).await?;
            }
            Ok::<_, Cause>(next_exit(&next).await?)
        };
        match prepared.await.at_step(Step::Create) {
            Ok(exit) => Ok((next, exit)),
            Err(failure) => Err(self.give_up(&next, failure).await),
        }
    }

    /// Creates the container under its temporary name. Removes one that the engine has created late for a killed deployer.
    async fn create_as_next(&self, spec: &ContainerSpec) -> Result<Container> {
        let create = || self.applying.docker.containers().create(spec).name(self.next_name());
        let error = match create().await {
            Err(error) if error.is_conflict() => error,
            created => return created,
        };
        if self.remove_own_next(spec).await? { create().await } else { Err(error) }
    }

    /// Removes the container with the temporary name, if it is the replica's. Returns whether it is.
    async fn remove_own_next(&self, spec: &ContainerSpec) -> Result<bool> {
        let there = self.applying.docker.container(self.next_name());
        let labels = there.inspect().await?.config.labels;
        let is_same = |keys| have_same(keys, &labels, &spec.config.labels);
        let is_own = is_same(&label::OF_SERVICE) && is_same(&[label::REPLICA]);
        if is_own {
            remove(&there).await?;
        }
        Ok(is_own)
    }

    /// Returns the failure of a creation. Without a response, the container may exist, or appear later.
    async fn not_created(&self, spec: &ContainerSpec, error: Error) -> Failure {
        let is_unknown = matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Timeout | ErrorKind::Decode);
        let failure = Failure::new(Step::Create, error.into());
        if !is_unknown {
            return failure;
        }
        let left = match self.remove_own_next(spec).await {
            Ok(_) => return failure,
            Err(error) if error.is_not_found() => Vec::new(),
            Err(error) => vec![error],
        };
        failure.at(&format!("{}, which may exist now", self.next_name())).with_left(left)
    }
}

/// Sets a health check each second at the beginning. Otherwise the first check comes after a whole interval, 30 seconds by
/// default.
///
/// Failures in the start period do not count. It is as long as the engine would take anyway to report an unhealthy container.
pub(in crate::deploy) fn check_each_second(check: &mut Healthcheck, deadline: Duration) {
    let interval = check.interval.filter(|interval| !interval.is_zero()).unwrap_or(INTERVAL);
    let retries = u32::try_from(check.retries).ok().filter(|retries| *retries > 0).unwrap_or(RETRIES);
    if check.start_period.is_none() && check.start_interval.is_none() && interval > Duration::from_secs(1) {
        check.start_period = Some(deadline.min(interval.saturating_mul(retries)));
        check.start_interval = Some(Duration::from_secs(1));
    }
}
