//! [`Ready`]: the condition under which a container counts as deployed.

mod probe;

use super::duration;
use super::failure::Cause;
use crate::container::{Container, ExitStatus, HealthStatus};
use crate::system::{ActionKind, Events};
use crate::{Docker, GoDuration, Stream};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The condition under which a container counts as deployed.
///
/// If the container exits before it is ready, the deployment fails at once, except with [`exited`](Self::exited).
///
/// ```
/// use longshore::deploy::Ready;
///
/// let ready: Ready = serde_json::from_str(r#"{"any": ["healthy", {"http": {"port": 80, "path": "/health"}}]}"#)?;
/// assert_eq!(ready, Ready::any([Ready::healthy(), Ready::http(80, "/health")]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use = "it does nothing until it is given to a run or a service"]
pub struct Ready(Condition);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Condition {
    #[default]
    Started,
    #[serde(with = "duration")]
    RunningFor(Duration),
    Healthy,
    LogLine(String),
    Tcp(u16),
    Http {
        port: u16,
        path: String,
    },
    Exec(Vec<String>),
    Exited,
    All(Vec<Ready>),
    Any(Vec<Ready>),
    /// A condition whose argument cannot be parsed. Contains why.
    #[serde(skip_deserializing)]
    Invalid(String),
}

/// How often the container's state is read in any case, since events may be lost.
const TICK: Duration = Duration::from_secs(2);
/// Pause between two tries of a probe: the first one, and the longest one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<(), Cause>> + Send + 'a>>;

impl Ready {
    /// Ready once the engine has started the container.
    pub const fn started() -> Self {
        Self(Condition::Started)
    }

    /// Ready once the container has been running for this long, such as `"10s"` or a [`Duration`].
    pub fn running_for(time: impl TryInto<GoDuration, Error: Display>) -> Self {
        Self(match time.try_into() {
            Ok(time) => Condition::RunningFor(time.duration()),
            Err(why) => Condition::Invalid(why.to_string()),
        })
    }

    /// Ready once the container's health check succeeds. Fails if the container becomes unhealthy or has no health check.
    pub const fn healthy() -> Self {
        Self(Condition::Healthy)
    }

    /// Ready once the container writes a line that contains this text, to stdout or stderr.
    pub fn log_line(text: impl Into<String>) -> Self {
        Self(Condition::LogLine(text.into()))
    }

    /// Ready once the container accepts TCP connections at this port.
    ///
    /// Tries the published port on the engine's host and the port at the container's own addresses. One of them must be reachable
    /// from the local machine.
    pub const fn tcp(port: u16) -> Self {
        Self(Condition::Tcp(port))
    }

    /// Ready once a `GET` of this path at this port returns a status code below 400. Connects as [`tcp`](Self::tcp) does.
    pub fn http(port: u16, path: impl Into<String>) -> Self {
        Self(Condition::Http { port, path: path.into() })
    }

    /// Ready once this command, run in the container, exits with code 0. Retries until then.
    pub fn exec<S: Into<String>>(cmd: impl IntoIterator<Item = S>) -> Self {
        Self(Condition::Exec(cmd.into_iter().map(Into::into).collect()))
    }

    /// Ready once the container has exited with code 0.
    ///
    /// Meant for services that run once, such as migrations. A [`Run`](super::Run) refuses it.
    pub const fn exited() -> Self {
        Self(Condition::Exited)
    }

    /// Ready once all of these conditions are met. Fails as soon as one of them fails.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::All(conditions.into_iter().collect()))
    }

    /// Ready once one of these conditions is met. Fails if one of them fails before that.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::Any(conditions.into_iter().collect()))
    }

    pub(super) fn is_started(&self) -> bool {
        self.0 == Condition::Started
    }

    /// Returns whether a swarm can wait for it: a swarm monitors each task for a while, and its health.
    pub(super) fn is_known_to_a_swarm(&self) -> bool {
        matches!(
            self.0,
            Condition::Started | Condition::RunningFor(_) | Condition::Healthy | Condition::Exited | Condition::Exec(_)
        )
    }

    /// Returns the command of [`exec`](Self::exec), which becomes the health check on a swarm.
    pub(super) fn as_command(&self) -> Option<Vec<String>> {
        match &self.0 {
            Condition::Exec(cmd) => Some(cmd.clone()),
            _ => None,
        }
    }

    /// Returns the time of [`running_for`](Self::running_for), for which a swarm monitors each task.
    pub(super) fn as_time(&self) -> Option<Duration> {
        match self.0 {
            Condition::RunningFor(time) => Some(time),
            _ => None,
        }
    }

    /// Returns what must still hold for a container that became ready earlier: without the line that it has logged, and the time
    /// that it has been running.
    pub(super) fn lasting(&self) -> Self {
        let each = |conditions: &[Self]| conditions.iter().map(Self::lasting).collect();
        Self(match &self.0 {
            Condition::RunningFor(_) | Condition::LogLine(_) => Condition::Started,
            Condition::All(conditions) => Condition::All(each(conditions)),
            Condition::Any(conditions) => Condition::Any(each(conditions)),
            other => other.clone(),
        })
    }

    pub(super) fn is_exited(&self) -> bool {
        self.0 == Condition::Exited
    }

    /// Returns whether it depends on the container's health check.
    pub(super) fn asks_for_health(&self) -> bool {
        match &self.0 {
            Condition::Healthy => true,
            Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().any(Self::asks_for_health),
            _ => false,
        }
    }

    /// Returns why the argument of a condition cannot be parsed.
    pub(super) fn invalid(&self) -> Option<&String> {
        match &self.0 {
            Condition::Invalid(why) => Some(why),
            Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().find_map(Self::invalid),
            _ => None,
        }
    }

    /// Checks for conditions that can never be met.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.0 {
            Condition::All(conditions) | Condition::Any(conditions) => {
                if conditions.is_empty() {
                    return Err("ready: all and any need at least one condition".to_owned());
                }
                if conditions.iter().any(Self::is_exited) {
                    return Err("ready: exited cannot be combined with other conditions".to_owned());
                }
                conditions.iter().try_for_each(Self::check)
            }
            Condition::Invalid(why) => Err(format!("ready: {why}")),
            Condition::Exec(cmd) if cmd.is_empty() => Err("ready: exec needs a command".to_owned()),
            Condition::Http { path, .. } if !path.starts_with('/') => {
                Err(format!("ready: the path {path:?} must begin with /"))
            }
            _ => Ok(()),
        }
    }

    /// Checks for conditions that cannot be met before the deadline.
    pub(super) fn check_within(&self, deadline: Duration) -> Result<(), String> {
        match &self.0 {
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().try_for_each(|condition| condition.check_within(deadline))
            }
            Condition::RunningFor(time) if *time >= deadline => {
                Err(format!("ready: running for {time:?} takes longer than the deadline of {deadline:?}"))
            }
            _ => Ok(()),
        }
    }

    /// Waits until the condition is met. [`gate`] handles the exit of the container.
    #[inline] // generates code only in crates that deploy
    fn wait<'a>(&'a self, docker: &'a Docker, container: &'a Container) -> Waiting<'a> {
        Box::pin(async move {
            match &self.0 {
                Condition::Started => Ok(()),
                Condition::RunningFor(time) => {
                    sleep(*time).await;
                    Ok(())
                }
                Condition::Healthy => healthy(docker, container).await,
                Condition::LogLine(text) => line(container, text).await,
                Condition::Tcp(port) => probe::tcp(docker, container, *port).await,
                Condition::Http { port, path } => probe::http(docker, container, *port, path).await,
                Condition::Exec(cmd) => probe::exec(container, cmd).await,
                Condition::Exited => std::future::pending().await,
                Condition::Invalid(why) => Err(Cause::Refused(why.clone())),
                Condition::All(conditions) => together(docker, container, conditions, true).await,
                Condition::Any(conditions) => together(docker, container, conditions, false).await,
            }
        })
    }
}

/// Waits until the container is ready, has exited, or the deadline has passed.
pub(super) async fn gate(
    ready: &Ready,
    deadline: Duration,
    docker: &Docker,
    container: &Container,
    exit: &mut (impl Future<Output = crate::Result<ExitStatus>> + Unpin + Send),
) -> Result<(), Cause> {
    let ended = |exit: crate::Result<ExitStatus>| match exit {
        Ok(exit) if ready.is_exited() && exit.success() => Ok(()),
        Ok(exit) => Err(Cause::Exited(exit)),
        Err(error) => Err(Cause::Call(error)),
    };
    let mut waiting = ready.wait(docker, container);
    let work = async {
        let first = poll_fn(|cx| match Pin::new(&mut *exit).poll(cx) {
            Poll::Ready(exit) => Poll::Ready(ended(exit)),
            Poll::Pending => waiting.as_mut().poll(cx),
        });
        match first.await {
            Err(Cause::NoSuchLine) => ended(exit.await), // the output ends when the container exits
            other => other,
        }
    };
    timeout(deadline, work).await.unwrap_or(Err(Cause::NotReady(deadline)))
}

/// Waits for all conditions, or for the first. If one fails, this fails.
async fn together(docker: &Docker, container: &Container, conditions: &[Ready], all: bool) -> Result<(), Cause> {
    let mut waiting: Vec<_> = conditions.iter().map(|condition| condition.wait(docker, container)).collect();
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
async fn healthy(docker: &Docker, container: &Container) -> Result<(), Cause> {
    let changes = docker.events().container(container.id()).action(ActionKind::HealthStatus);
    let mut changes = Changes::of(changes).await;
    loop {
        let health = container.inspect().await?.state.health.ok_or(Cause::NoHealthCheck)?;
        match health.status {
            HealthStatus::Healthy => return Ok(()),
            HealthStatus::None => return Err(Cause::NoHealthCheck),
            // Engines also report "unhealthy" for a container that exits, without a failed check. `gate` handles the exit.
            HealthStatus::Unhealthy if health.failing_streak > 0 => {
                let last = health.log.last().map(|check| check.output.trim().to_owned());
                return Err(Cause::Unhealthy(last.unwrap_or_default()));
            }
            _ => changes.next().await,
        }
    }
}

/// A stream of engine events that serve as hints to read the state again.
pub(super) struct Changes(Option<crate::stream::JsonStream<crate::system::Event>>);

impl Changes {
    /// Opens the stream. If the engine refuses, only the tick is left.
    pub(super) async fn of(events: Events) -> Self {
        Self(events.await.ok())
    }

    /// Returns whether the stream has ended.
    pub(super) fn are_lost(&self) -> bool {
        self.0.is_none()
    }

    /// Waits for an event, at most for one tick.
    async fn next(&mut self) {
        self.next_within(TICK).await;
    }

    /// Waits for an event, at most for this long.
    pub(super) async fn next_within(&mut self, limit: Duration) {
        self.event_within(limit).await;
    }

    /// Returns the next event, if it comes within this time.
    pub(super) async fn event_within(&mut self, limit: Duration) -> Option<crate::system::Event> {
        let next = poll_fn(|cx| match &mut self.0 {
            Some(events) => pin!(events).poll_next(cx),
            None => Poll::Pending,
        });
        match timeout(limit, next).await {
            Ok(Some(Ok(event))) => return Some(event),
            Ok(Some(Err(_)) | None) => self.0 = None,
            Err(_) => {}
        }
        None
    }
}

/// Waits for the line in the output of the container's current run. The log also has the output of earlier runs.
async fn line(container: &Container, text: &str) -> Result<(), Cause> {
    let mut logs = container.logs().follow(true);
    if let Some(finished) = container.inspect().await?.state.finished_at {
        logs = logs.since(finished);
    }
    let mut lines = logs.await?.lines();
    while let Some(line) = lines.next().await {
        if line?.text.contains(text) {
            return Ok(());
        }
    }
    Err(Cause::NoSuchLine)
}

/// Retries until the probe succeeds, with growing pauses.
async fn repeat<F: Future<Output = Result<bool, Cause>>>(mut attempt: impl FnMut() -> F) -> Result<(), Cause> {
    let mut pause = FIRST_PAUSE;
    while !attempt().await? {
        sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
    Ok(())
}
