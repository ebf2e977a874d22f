//! Runs the `before` container of a service, such as a migration.

use super::Applying;
use crate::deploy::Run;
use crate::deploy::attempt::{Cleanup, remove};
use crate::deploy::completion::Completed;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Cause, Concerning, Failure, Step};
use crate::deploy::plan::{DesiredService, have_same, label};
use crate::deploy::pull_policy::PullPolicy;
use crate::deploy::target::Target;
use tokio::time::timeout_at;

/// Limits of the reported output of a failed `before` container: number of lines, and characters per line.
const LAST_LINES: usize = 20;
const LONGEST_LINE: usize = 200;

impl Applying {
    /// Runs the `before` container of a service to completion, before a replica of a new version is created.
    pub(super) async fn before(&self, service: &DesiredService, target: &Target) -> Result<(), Failure> {
        let Some(spec) = &service.before else { return Ok(()) };
        let name = self.desired.before_name(&service.name);
        let left = self.docker.container(&name);
        match left.inspect().await {
            Ok(found) if have_same(&label::OF_SERVICE, &found.config.labels, &spec.config.labels) => {
                remove(&left).await.at_step(Step::Before).at(&service.name)?;
            }
            _ => {}
        }
        let mut spec = spec.clone();
        (spec.config.image, _) = self.resolve(&spec.config.image).await.at_step(Step::Pull)?;
        self.tell(Some(target), &Event::Before);
        let (observer, target) = (self.observer.clone(), target.clone());
        let run = Run::new(spec).name(&name).pull(PullPolicy::Never).observe(move |event| {
            if matches!(event, Event::Output(_) | Event::OutputLost(_) | Event::Exited(_)) {
                super::report(observer.as_ref(), Some(&target), event);
            }
        });
        let completed = self.within_lease(run, &name, service).await?;
        if completed.status.success() {
            return Ok(());
        }
        let output = completed.output_text();
        let last: Vec<_> = output.lines().rev().take(LAST_LINES).collect();
        let last = last.into_iter().rev().map(|line| line.chars().take(LONGEST_LINE).collect());
        let why = format!("{}; its last lines:\n{}", completed.status, last.collect::<Vec<String>>().join("\n"));
        Err(Failure::new(Step::Before, Cause::Refused(why)).at(&service.name))
    }

    /// Runs a container to completion. Removes it when the lease ends: another deployer may begin then.
    async fn within_lease(&self, run: Run, name: &str, service: &DesiredService) -> Result<Completed, Failure> {
        let cleanup = Cleanup::new();
        let mut running = Box::pin(run.cleanup(&cleanup).to_completion(&self.docker));
        let done = match self.lease_end {
            Some(end) => timeout_at(end, &mut running).await,
            None => Ok(running.as_mut().await),
        };
        if let Ok(completed) = done {
            return completed.at(name);
        }
        let failure = Failure::new(Step::Before, Cause::LeaseOver).at(&service.name);
        let failure = failure.with_evidence(&self.docker.container(name)).await;
        drop(running);
        cleanup.finished().await;
        Err(failure)
    }
}
