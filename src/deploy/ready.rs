//! [`Ready`]: when a container counts as deployed.

mod probe;

use super::duration;
use super::failure::Cause;
use crate::container::{Container, ExitStatus, HealthStatus};
use crate::system::{ActionKind, Events};
use crate::{Docker, Stream};
use serde::{Deserialize, Serialize};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// When a container counts as deployed.
///
/// That it ends before, for whatever reason, is a failure at once, except for [`exited`](Self::exited).
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
}

/// The state is looked at this often, whatever the engine's events say: they may be lost.
const TICK: Duration = Duration::from_secs(2);
/// Between two tries of a probe: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<(), Cause>> + Send + 'a>>;

impl Ready {
    /// Once the engine has started it.
    pub const fn started() -> Self {
        Self(Condition::Started)
    }

    /// Once it has been running for this long.
    pub const fn running_for(time: Duration) -> Self {
        Self(Condition::RunningFor(time))
    }

    /// Once its health check succeeds; that it becomes unhealthy is a failure.
    pub const fn healthy() -> Self {
        Self(Condition::Healthy)
    }

    /// Once it writes a line with this text in it, to stdout or stderr.
    pub fn log_line(text: impl Into<String>) -> Self {
        Self(Condition::LogLine(text.into()))
    }

    /// Once it accepts TCP connections at this port.
    ///
    /// The port is tried where the engine publishes it, and at the container's own addresses: the deployer has to reach one.
    pub const fn tcp(port: u16) -> Self {
        Self(Condition::Tcp(port))
    }

    /// Once a GET of this path at this port has a status below 400. It is reached as [`tcp`](Self::tcp) is.
    pub fn http(port: u16, path: impl Into<String>) -> Self {
        Self(Condition::Http { port, path: path.into() })
    }

    /// Once this command, run in the container, ends with exit code 0.
    pub fn exec<S: Into<String>>(cmd: impl IntoIterator<Item = S>) -> Self {
        Self(Condition::Exec(cmd.into_iter().map(Into::into).collect()))
    }

    /// Once it has ended with exit code 0: for what runs once, such as a migration. Not for [`Run`](super::Run).
    pub const fn exited() -> Self {
        Self(Condition::Exited)
    }

    /// Once all of these are so.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::All(conditions.into_iter().collect()))
    }

    /// Once one of these is so.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::Any(conditions.into_iter().collect()))
    }

    pub(super) fn is_started(&self) -> bool {
        self.0 == Condition::Started
    }

    pub(super) fn is_exited(&self) -> bool {
        self.0 == Condition::Exited
    }

    /// Whether the container's health check is part of it.
    pub(super) fn asks_for_health(&self) -> bool {
        match &self.0 {
            Condition::Healthy => true,
            Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().any(Self::asks_for_health),
            _ => false,
        }
    }

    /// What contradicts itself.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.0 {
            Condition::All(conditions) | Condition::Any(conditions) => {
                if conditions.is_empty() {
                    return Err("ready: of no conditions none can be met".to_owned());
                }
                if conditions.iter().any(Self::is_exited) {
                    return Err("ready: exited stands alone, and not among others".to_owned());
                }
                conditions.iter().try_for_each(Self::check)
            }
            Condition::Exec(cmd) if cmd.is_empty() => Err("ready: exec needs a command".to_owned()),
            Condition::Http { path, .. } if !path.starts_with('/') => {
                Err(format!("ready: the path {path:?} must begin with /"))
            }
            _ => Ok(()),
        }
    }

    /// Waits until it is so; that the container ends meanwhile, [`gate`] looks after.
    #[inline] // what it calls is compiled where somebody deploys, and not before
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
                Condition::All(conditions) => together(docker, container, conditions, true).await,
                Condition::Any(conditions) => together(docker, container, conditions, false).await,
            }
        })
    }
}

/// Waits until the container is ready, or has ended, or the deadline is over.
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
            Err(Cause::NoSuchLine) => ended(exit.await), // its output has ended, and so does it
            other => other,
        }
    };
    timeout(deadline, work).await.unwrap_or(Err(Cause::NotReady(deadline)))
}

/// Waits for all of these, or for the first. A failure of one is the failure of all.
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

/// Looks at the state itself each time that the engine tells of a change, and now and then besides.
async fn healthy(docker: &Docker, container: &Container) -> Result<(), Cause> {
    let changes = docker.events().container(container.id()).action(ActionKind::HealthStatus);
    let mut changes = Changes::of(changes).await;
    loop {
        let health = container.inspect().await?.state.health.ok_or(Cause::NoHealthCheck)?;
        match health.status {
            HealthStatus::Healthy => return Ok(()),
            HealthStatus::None => return Err(Cause::NoHealthCheck),
            // Engines say so too of one that ends, whose checks did not fail: that its end comes, somebody else sees.
            HealthStatus::Unhealthy if health.failing_streak > 0 => {
                let last = health.log.last().map(|check| check.output.trim().to_owned());
                return Err(Cause::Unhealthy(last.unwrap_or_default()));
            }
            _ => changes.next().await,
        }
    }
}

/// The engine's events, as a hint to look.
pub(super) struct Changes(Option<crate::stream::JsonStream<crate::system::Event>>);

impl Changes {
    /// Without events, if the engine gives none: then there is the tick.
    pub(super) async fn of(events: Events) -> Self {
        Self(events.await.ok())
    }

    /// Whether the engine tells no more.
    pub(super) fn are_lost(&self) -> bool {
        self.0.is_none()
    }

    /// Waits until something changes, but no longer than a tick.
    async fn next(&mut self) {
        self.next_within(TICK).await;
    }

    /// Waits until something changes, but no longer than this.
    pub(super) async fn next_within(&mut self, limit: Duration) {
        let next = poll_fn(|cx| match &mut self.0 {
            Some(events) => pin!(events).poll_next(cx),
            None => Poll::Pending,
        });
        if let Ok(Some(Err(_)) | None) = timeout(limit, next).await {
            self.0 = None;
        }
    }
}

async fn line(container: &Container, text: &str) -> Result<(), Cause> {
    let mut lines = container.logs().follow(true).await?.lines();
    while let Some(line) = lines.next().await {
        if line?.text.contains(text) {
            return Ok(());
        }
    }
    Err(Cause::NoSuchLine)
}

/// Tries again until it is so, at first quickly and then more seldom.
async fn repeat<F: Future<Output = Result<bool, Cause>>>(mut attempt: impl FnMut() -> F) -> Result<(), Cause> {
    let mut pause = FIRST_PAUSE;
    while !attempt().await? {
        sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
    Ok(())
}
