//! Deploying a service.

use super::event::Event;
use super::failure::{Cause, Failure, Step};
use super::launch::{Launch, Started, launch};
use super::ready::{Began, Ready, gate};
use super::run::Run;
use super::running::Running;
use crate::Docker;
use std::time::Duration;

impl Run {
    /// Starts a service and waits until it is ready.
    ///
    /// # Errors
    /// [`Failure`] with the container's state and last log lines. Everything that this run created is already removed.
    pub async fn start(mut self, docker: &Docker) -> Result<Running, Failure> {
        let (ready, deadline, remove_on_drop) = (self.ready.clone(), self.deadline, self.remove_on_drop);
        let mut attempt = self.attempt(docker);
        if let Err(why) = check(&ready, deadline, &self.spec.host_config.network_mode) {
            return Err(attempt.fail(Step::Check, Cause::Refused(why), None).await);
        }
        let Started { container, mut exit } = match Box::pin(launch(&mut attempt, &mut self)).await {
            Ok(started) => started,
            Err(Launch { step, cause, container }) => return Err(attempt.fail(step, cause, container.as_ref()).await),
        };
        match gate(&ready, deadline, docker, (&container, Began::Now), &mut exit).await {
            Ok(()) => {
                attempt.tell(&Event::Ready);
                let host = docker.endpoint().published_host();
                Ok(Running::new(container, exit, attempt.succeed(remove_on_drop), host))
            }
            Err(cause) => Err(attempt.fail(Step::Ready, cause, Some(&container)).await),
        }
    }
}

fn check(ready: &Ready, deadline: Duration, network_mode: &str) -> Result<(), String> {
    if ready.is_exited() {
        return Err("`Ready::exited` is not for services: run a job with `Run::to_completion`".to_owned());
    }
    ready.check(network_mode)?;
    ready.check_within(deadline)
}
