//! From a spec to a started container, and to a service that is ready.

use super::attempt::Attempt;
use super::event::Event;
use super::failure::{Cause, Failure, Step};
use super::prepare::prepare;
use super::ready::Ready;
use super::run::Run;
use super::running::Running;
use crate::Docker;
use crate::container::{Container, ExitStatus, WaitCondition};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

/// A container that was started, with its exit already waited for.
pub(super) struct Started {
    pub(super) container: Container,
    pub(super) exit: Exit,
}

/// An exit that is waited for.
pub(super) type Exit = Pin<Box<dyn Future<Output = crate::Result<ExitStatus>> + Send>>;

impl Run {
    /// Starts a service and waits until it is ready.
    ///
    /// # Errors
    /// [`Failure`], with what the container had to say. What this run made is removed by then.
    pub async fn start(mut self, docker: &Docker) -> Result<Running, Failure> {
        let (ready, deadline) = (self.ready.clone(), self.deadline);
        let mut attempt = self.attempt(docker);
        let Started { container, mut exit } = match launch(&mut attempt, &mut self).await {
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

    pub(super) fn attempt(&mut self, docker: &Docker) -> Attempt {
        let observer = std::mem::take(&mut self.observer);
        Attempt::new(docker, observer, self.keep_failed)
    }
}

/// How far it came.
pub(super) struct Launch {
    pub(super) step: Step,
    pub(super) cause: Cause,
    pub(super) container: Option<Container>,
}

/// Prepares, makes and starts the container. Its exit is waited for before it starts, so that none is lost.
pub(super) async fn launch(attempt: &mut Attempt, run: &mut Run) -> Result<Started, Launch> {
    let nothing_made = |(step, cause)| Launch { step, cause, container: None };
    prepare(attempt, run).await.map_err(nothing_made)?;

    let (key, id) = attempt.label();
    let mut create = attempt.docker.containers().create(run.spec.clone().label(key, id));
    if let Some(name) = &run.name {
        create = create.name(name);
    }
    if let Some(platform) = &run.platform {
        create = create.platform(platform);
    }
    let container = create.await.map_err(|error| nothing_made((Step::Create, error.into())))?;
    let warnings = container.warnings().to_vec();
    attempt.tell(&Event::Created { id: container.id().to_owned(), warnings });

    let started = async {
        let exit = container.wait().condition(WaitCondition::NextExit).registered().await?;
        container.start().await?;
        Ok::<Exit, crate::Error>(Box::pin(exit.exit()))
    };
    match started.await {
        Ok(exit) => {
            attempt.tell(&Event::Started);
            Ok(Started { container, exit })
        }
        Err(error) => Err(Launch { step: Step::Start, cause: error.into(), container: Some(container) }),
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
