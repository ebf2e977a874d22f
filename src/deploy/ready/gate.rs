//! [`gate`]: waits until a container is ready, and fails at once if it cannot become so.

use super::changes::Changes;
use super::outcomes::Outcomes;
use super::{Condition, Ready, probe};
use crate::Docker;
use crate::container::{Container, ContainerState, ExitStatus, HealthStatus, HealthcheckResult, WaitCondition};
use crate::deploy::failure::Cause;
use crate::system::ActionKind;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How often the container's state is read in any case, since events may be lost.
const TICK: Duration = Duration::from_secs(2);
/// Pause between two tries of a probe: the first one, and the longest one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long an exit that may just have happened is awaited, since the engine tells of it on a connection of its own.
const EXIT_LIMIT: Duration = Duration::from_millis(500);

/// When the awaited run of the container began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::deploy) enum Began {
    /// The caller has just started the container.
    Now,
    /// The container may have been running for days, and have recovered from what happened meanwhile.
    Earlier,
}

/// The future of a container's exit.
pub(in crate::deploy) type Exit = Pin<Box<dyn Future<Output = crate::Result<ExitStatus>> + Send>>;

/// Waits for the exit of the run that is about to begin or already in progress.
pub(in crate::deploy) async fn next_exit(container: &Container) -> crate::Result<Exit> {
    let exit = container.wait().condition(WaitCondition::NextExit).registered().await?;
    Ok(Box::pin(exit.exit()))
}

/// Returns how the container has just exited, if it has.
pub(in crate::deploy) async fn just_exited(exit: &mut Exit) -> Option<ExitStatus> {
    timeout(EXIT_LIMIT, exit).await.ok()?.ok()
}

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<(), Cause>> + Send + 'a>>;

/// Waits until the container is ready, has exited, or the deadline has passed.
pub(in crate::deploy) async fn gate(
    ready: &Ready,
    deadline: Duration,
    docker: &Docker,
    (container, began): (&Container, Began),
    exit: &mut (impl Future<Output = crate::Result<ExitStatus>> + Unpin + Send),
) -> Result<(), Cause> {
    let outcomes = Outcomes::of(ready);
    let ended = |exit: crate::Result<ExitStatus>| match exit {
        Ok(exit) if ready.is_exited() && exit.success() => Ok(()),
        Ok(exit) => Err(Cause::Exited(exit)),
        Err(error) => Err(Cause::Call(error)),
    };
    let mut waiting: Waiting<'_> = match &ready.0 {
        Condition::Started => Box::pin(std::future::ready(Ok(()))),
        Condition::Exited => Box::pin(std::future::pending()),
        _ => Box::pin(wait(ready, docker, (container, began), &outcomes)),
    };
    let work = poll_fn(|cx| match Pin::new(&mut *exit).poll(cx) {
        Poll::Ready(exit) => Poll::Ready(ended(exit)),
        Poll::Pending => waiting.as_mut().poll(cx),
    });
    let not_ready = |_| Err(Cause::NotReady { limit: deadline, outcome: outcomes.to_string() });
    let gated = timeout(deadline, work).await.unwrap_or_else(not_ready);
    if let Err(Cause::OutOfMemory) = gated {
        let _ = timeout(EXIT_LIMIT, exit).await; // its main process may be the one that was killed
    }
    gated
}

/// Waits until the condition is met. Fails if the container runs out of memory before that.
async fn wait(
    ready: &Ready,
    docker: &Docker,
    (container, began): (&Container, Began),
    outcomes: &Outcomes,
) -> Result<(), Cause> {
    let found = container.inspect().await?;
    ready.check(&found.host_config.network_mode).map_err(Cause::Refused)?;
    // The engine's filter also finds the containers whose names begin with this one's name, but no other ID begins with its ID.
    let container = &docker.container(found.id);
    let state = found.state;
    let ooms = docker.events().container(container.id()).action(ActionKind::Oom);
    let since = state.started_at.filter(|_| began == Began::Now);
    let ooms = since.map_or(ooms.clone(), |started| ooms.since(started));
    let mut is_killed = pin!(is_killed(container, &state, Changes::of(ooms).await));
    let looks = Looks { docker, container, begun: &state, outcomes };
    let mut waiting = looks.wait(ready);
    poll_fn(|cx| match waiting.as_mut().poll(cx) {
        Poll::Pending => is_killed.as_mut().poll(cx).map(Err),
        done @ Poll::Ready(_) => done,
    })
    .await
}

/// Waits until the engine reports that the container is out of memory. Its main process may go on.
async fn is_killed(container: &Container, begun: &ContainerState, mut ooms: Changes) -> Cause {
    loop {
        if ooms.next_within(TICK).await.is_some() {
            return Cause::OutOfMemory;
        }
        match container.inspect().await {
            // Engines may still report that an earlier run was killed.
            Ok(found) if found.state.oom_killed && !begun.oom_killed => return Cause::OutOfMemory,
            _ => {}
        }
    }
}

/// What the conditions of a container need.
pub(super) struct Looks<'a> {
    pub(super) docker: &'a Docker,
    pub(super) container: &'a Container,
    /// The state when the wait began.
    begun: &'a ContainerState,
    outcomes: &'a Outcomes,
}

impl Looks<'_> {
    /// Waits until the condition is met. [`gate`] handles the exit of the container.
    #[inline] // generates code only in crates that deploy
    fn wait<'a>(&'a self, Ready(condition): &'a Ready) -> Waiting<'a> {
        Box::pin(async move {
            match condition {
                Condition::Started => {}
                Condition::RunningFor(time) => sleep(*time).await,
                Condition::Healthy => self.healthy(condition).await?,
                Condition::LogLine(text) => self.line(text).await?,
                Condition::Tcp(port) => self.repeat(condition, || probe::tcp(self, *port)).await?,
                Condition::Http { port, path } => self.repeat(condition, || probe::http(self, *port, path)).await?,
                Condition::Exec(cmd) => self.repeat(condition, || probe::exec(self.container, cmd)).await?,
                Condition::Exited => std::future::pending().await,
                Condition::Invalid(why) => return Err(Cause::Refused(why.clone())),
                Condition::All(conditions) => self.together(conditions, true).await?,
                Condition::Any(conditions) => self.together(conditions, false).await?,
            }
            self.outcomes.met(condition);
            Ok(())
        })
    }

    /// Waits for all conditions, or for the first. If one fails, this fails.
    async fn together(&self, conditions: &[Ready], all: bool) -> Result<(), Cause> {
        let mut waiting: Vec<_> = conditions.iter().map(|condition| self.wait(condition)).collect();
        poll_fn(|cx| {
            let mut failure = None;
            let mut met = 0;
            waiting.retain_mut(|condition| match condition.as_mut().poll(cx) {
                Poll::Ready(result) => {
                    met += 1;
                    failure = failure.take().or(result.err());
                    false
                }
                Poll::Pending => true,
            });
            match failure {
                Some(cause) => Poll::Ready(Err(cause)),
                None if (all && waiting.is_empty()) || (!all && met > 0) => Poll::Ready(Ok(())),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Inspects the container at each health event, and at each tick.
    async fn healthy(&self, condition: &Condition) -> Result<(), Cause> {
        let changes = self.docker.events().container(self.container.id()).action(ActionKind::HealthStatus);
        let mut changes = Changes::of(changes).await;
        loop {
            let health = self.container.inspect().await?.state.health.ok_or(Cause::NoHealthCheck)?;
            match health.status {
                HealthStatus::Healthy => return Ok(()),
                HealthStatus::None => return Err(Cause::NoHealthCheck),
                // Engines also report "unhealthy" for a container that exits, without a failed check. `gate` handles the exit.
                HealthStatus::Unhealthy if health.failing_streak > 0 => {
                    let last = health.log.last().map(|check| check.output.trim().to_owned());
                    return Err(Cause::Unhealthy(last.unwrap_or_default()));
                }
                _ => {}
            }
            if let Some(HealthcheckResult { exit_code, output, .. }) = health.log.last() {
                let outcome = format!("its health check failed with exit code {exit_code}: {}", output.trim());
                self.outcomes.note(condition, outcome);
            }
            changes.next_within(TICK).await;
        }
    }

    /// Waits for the line in the output of the container's current run. The log also has the output of earlier runs.
    async fn line(&self, text: &str) -> Result<(), Cause> {
        loop {
            let logs = self.container.logs().follow(true);
            let logs = self.begun.finished_at.map_or(logs.clone(), |finished| logs.since(finished));
            let mut lines = logs.await?.lines();
            while let Some(line) = lines.next().await {
                if line?.text.contains(text) {
                    return Ok(());
                }
            }
            sleep(LONGEST_PAUSE).await; // the log's file was rotated, or the container exits
        }
    }

    /// Repeats a probe with growing pauses, until it succeeds. Notes why it has not.
    async fn repeat<F>(&self, condition: &Condition, mut probe: impl FnMut() -> F) -> Result<(), Cause>
    where
        F: Future<Output = Result<Result<(), String>, Cause>>,
    {
        let mut pause = FIRST_PAUSE;
        while let Err(outcome) = probe().await? {
            self.outcomes.note(condition, outcome);
            sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }
}
