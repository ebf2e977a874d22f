//! A service: started, and ready, or gone again.

use super::event::Event;
use super::failure::{Cause, Failure, Step};
use super::launch::{Exit, Launch, Started, launch};
use super::ready::Ready;
use super::run::Run;
use super::running::Running;
use crate::Docker;
use crate::container::{Container, ExitStatus};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

impl Run {
    /// Starts a service and waits until it is ready.
    ///
    /// # Errors
    /// [`Failure`], with what the container had to say. What this run made is removed by then.
    pub async fn start(mut self, docker: &Docker) -> Result<Running, Failure> {
        let (ready, deadline) = (self.ready.clone(), self.deadline);
        let mut attempt = self.attempt(docker);
        let Started { container, mut exit } = match Box::pin(launch(&mut attempt, &mut self)).await {
            Ok(started) => started,
            Err(Launch { step, cause, container }) => return Err(attempt.fail(step, cause, container.as_ref()).await),
        };
        match within(deadline, gate(&ready, &container, &mut exit)).await {
            Ok(()) => {
                attempt.tell(&Event::Ready);
                attempt.succeed();
                Ok(Running::new(container, exit))
            }
            Err(cause) => Err(attempt.fail(Step::Ready, cause, Some(&container)).await),
        }
    }
}

/// Waits until the container is ready, or has ended.
async fn gate(ready: &Ready, container: &Container, exit: &mut Exit) -> Result<(), Cause> {
    let ended = |exit: crate::Result<ExitStatus>| exit.map_or_else(Cause::Call, Cause::Exited);
    let mut ready = pin!(ready.wait(container));
    let first = poll_fn(|cx| match exit.as_mut().poll(cx) {
        Poll::Ready(exit) => Poll::Ready(Err(ended(exit))),
        Poll::Pending => ready.as_mut().poll(cx),
    });
    match first.await {
        Err(Cause::NoSuchLine) => Err(ended(exit.await)), // its output has ended, and so does it
        other => other,
    }
}

async fn within<T>(deadline: Duration, work: impl Future<Output = Result<T, Cause>>) -> Result<T, Cause> {
    tokio::time::timeout(deadline, work).await.unwrap_or(Err(Cause::NotReady(deadline)))
}
