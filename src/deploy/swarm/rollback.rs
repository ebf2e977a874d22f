//! Rolls back the services that were changed last.

use super::SwarmDeployment;
use super::apply::ATTEMPTS;
use super::observed::{Observed, digest};
use super::plan::is_job;
use super::specs::{Stack, StackService, replicas};
use crate::deploy::failure::{AtStep, Concerning, Failure, Step};
use crate::deploy::plan::label;
use crate::service::ServiceSpec;

impl SwarmDeployment {
    /// Rolls the services that the last deployment has updated back to their specifications before it, and waits until they
    /// have converged. Services that run once are left out: they would run again.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Check`] if there is no earlier version, or if the swarm no longer knows it: a swarm keeps one
    /// earlier specification of a service, which each change replaces, also that of the number of its tasks.
    /// [`Failure`] at [`Step::Recover`] or [`Step::Converge`] if a service cannot be rolled back or does not converge.
    pub async fn rollback(&self) -> Result<(), Failure> {
        self.deployment
            .locked_on_swarm(async |_| {
                let observed = self.observed().await?;
                for (service, earlier) in services(&self.stack, &observed)? {
                    let there = self.deployment.docker.service(&service.spec.name);
                    let rollback = there.rollback().attempts(ATTEMPTS).await;
                    rollback.at_step(Step::Recover).at(&service.name)?;
                    self.converge(service, replicas(earlier).unwrap_or(1), false).await?;
                }
                Ok(())
            })
            .await
    }
}

/// Returns the services of the newest release, with their earlier specifications.
pub(super) fn services<'a>(
    stack: &'a Stack,
    observed: &'a Observed,
) -> Result<Vec<(&'a StackService, &'a ServiceSpec)>, Failure> {
    let found = stack.services.iter().filter_map(|service| {
        let found = observed.services.get(&service.spec.name).filter(|found| !is_job(found))?;
        Some((service, &found.spec, found.previous_spec.as_deref()?))
    });
    let found: Vec<_> = found.collect();
    // After a rollback, the newer version is the previous one.
    let newest = found.iter().flat_map(|(_, spec, earlier)| [release(spec), release(earlier)]).max();
    let of_newest = found.into_iter().filter(|(_, spec, _)| Some(release(spec)) == newest);
    let services = of_newest.map(|(service, found, earlier)| {
        if digest(found) == digest(earlier) {
            return Err(Failure::refused(format!(
                "{}: the swarm no longer knows its earlier version, because it was changed or its update \
                 was repeated since: apply the project of the earlier version",
                service.name
            )));
        }
        Ok((service, earlier))
    });
    let services: Vec<_> = services.collect::<Result<_, _>>()?;
    if services.is_empty() { Err(Failure::refused("there is no earlier version to go back to")) } else { Ok(services) }
}

fn release(spec: &ServiceSpec) -> &str {
    spec.labels.get(label::RELEASE).map(String::as_str).unwrap_or_default()
}
