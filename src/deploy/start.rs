//! A service: started, and ready, or gone again.

use super::event::Event;
use super::failure::{Cause, Failure, Step};
use super::launch::{Launch, Started, launch};
use super::ready::{Ready, gate};
use super::run::Run;
use super::running::Running;
use crate::Docker;

impl Run {
    /// Starts a service and waits until it is ready.
    ///
    /// # Errors
    /// [`Failure`], with what the container had to say. What this run made is removed by then.
    pub async fn start(mut self, docker: &Docker) -> Result<Running, Failure> {
        let (ready, deadline) = (self.ready.clone(), self.deadline);
        let mut attempt = self.attempt(docker);
        if let Err(why) = check(&ready) {
            return Err(attempt.fail(Step::Check, Cause::Refused(why), None).await);
        }
        let Started { container, mut exit } = match Box::pin(launch(&mut attempt, &mut self)).await {
            Ok(started) => started,
            Err(Launch { step, cause, container }) => return Err(attempt.fail(step, cause, container.as_ref()).await),
        };
        match gate(&ready, deadline, docker, &container, &mut exit).await {
            Ok(()) => {
                attempt.tell(&Event::Ready);
                attempt.succeed();
                Ok(Running::new(container, exit))
            }
            Err(cause) => Err(attempt.fail(Step::Ready, cause, Some(&container)).await),
        }
    }
}

fn check(ready: &Ready) -> Result<(), String> {
    if ready.is_exited() {
        return Err("what runs once is a job, and not started but run: `Run::to_completion`".to_owned());
    }
    ready.check()
}
