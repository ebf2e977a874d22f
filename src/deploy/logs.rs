//! The logs of all services, in one stream.

use super::deployment::Deployment;
use super::failure::{Failure, Step};
use super::plan::{Found, label};
use super::ready::Changes;
use super::target::Target;
use crate::container::{Container, ContainerStatus};
use crate::stream::Line;
use crate::system::{ActionKind, EventType};
use crate::{Docker, Stream, Timestamp};
use std::collections::BTreeSet;
use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// So many lines wait to be read at most; then the engine is not read either.
const WAITING: usize = 256;
/// How long to wait before a log is opened again.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is looked for new containers, whatever the engine's events say.
const LOOK: Duration = Duration::from_secs(10);

/// A call of [`Deployment::logs`].
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct ProjectLogs {
    deployment: Deployment,
    follow: bool,
    tail: Option<usize>,
}

/// A line of a service's log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceLine {
    /// The replica that wrote it.
    pub target: Target,
    /// What it wrote, and when.
    pub line: Line,
}

/// Yields the lines of all services, from [`Deployment::logs`]. Dropping it closes its connections.
#[must_use = "lines are not read unless they are asked for"]
pub struct ServiceLines {
    lines: Receiver<Result<ServiceLine, Failure>>,
    _readers: JoinSet<()>,
}

impl Deployment {
    /// Reads the logs of all services in one stream, each line with its replica.
    ///
    /// Followed, it goes on with containers that are started later, and where a log ends early, as when its file is rotated or the
    /// connection breaks: from the time of the last line that was read.
    pub fn logs(&self) -> ProjectLogs {
        ProjectLogs { deployment: self.clone(), follow: false, tail: None }
    }
}

impl ProjectLogs {
    /// Keeps the stream open and yields what is written from now on. Defaults to `false`.
    pub fn follow(mut self, follow: bool) -> Self {
        self.follow = follow;
        self
    }

    /// Begins with so many of the last lines of each container. Defaults to all of them.
    pub fn tail(mut self, lines: usize) -> Self {
        self.tail = Some(lines);
        self
    }
}

impl IntoFuture for ProjectLogs {
    type Output = Result<ServiceLines, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // what it calls is compiled where somebody deploys, and not before
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let found = containers(&self.deployment).await?;
            let (sender, lines) = channel(WAITING);
            let mut readers = JoinSet::new();
            readers.spawn(self.read_all(found, sender));
            Ok(ServiceLines { lines, _readers: readers })
        })
    }
}

impl ProjectLogs {
    async fn read_all(self, mut found: Vec<(Target, Found)>, sender: Sender<Result<ServiceLine, Failure>>) {
        let Self { deployment, follow, tail } = self;
        let (mut readers, mut known, mut tail) = (JoinSet::new(), BTreeSet::new(), tail);
        let mut changes = None;
        loop {
            for (target, container) in found {
                if known.insert(container.id.clone()) {
                    let log = Log { docker: deployment.docker.clone(), id: container.id, target, follow, tail };
                    readers.spawn(log.read(sender.clone()));
                }
            }
            if !follow {
                while readers.join_next().await.is_some() {}
                return;
            }
            tail = None; // of a container that is new, all
            if changes.as_ref().is_none_or(Changes::are_lost) {
                let project = format!("{}={}", label::PROJECT, deployment.desired.project);
                let environment = format!("{}={}", label::ENVIRONMENT, deployment.desired.environment);
                let events = deployment.docker.events().kind(EventType::Container).action(ActionKind::Start);
                changes = Some(Changes::of(events.label(project).label(environment)).await);
            }
            if let Some(changes) = &mut changes {
                changes.next_within(LOOK).await;
            }
            found = containers(&deployment).await.unwrap_or_default(); // the engine restarts, perhaps
        }
    }
}

/// The containers whose logs are to be read: those in their places, and those that are about to be.
async fn containers(deployment: &Deployment) -> Result<Vec<(Target, Found)>, Failure> {
    let slots = deployment.observed().await?.slots.into_iter();
    let found = slots.flat_map(|((service, replica), slot)| {
        let containers = slot.current.into_iter().chain(slot.next);
        containers.map(move |found| (Target { service: service.clone(), replica }, found)).collect::<Vec<_>>()
    });
    Ok(found.filter(|(_, found)| found.state != ContainerStatus::Created).collect())
}

/// A container's log.
struct Log {
    docker: Docker,
    id: String,
    target: Target,
    follow: bool,
    tail: Option<usize>,
}

/// How far a log was read: the time of the last line, and how many lines of that time there were.
type Cursor = Option<(Timestamp, usize)>;

impl Log {
    async fn read(self, sender: Sender<Result<ServiceLine, Failure>>) {
        let container = self.docker.container(&self.id);
        let mut cursor = None;
        loop {
            let read = self.read_on(&container, self.follow, &mut cursor, &sender).await;
            match read {
                Err(error) if !self.follow => {
                    let failure = Failure::new(Step::Observe, error.into()).of(&self.target);
                    let _ = sender.send(Err(failure)).await;
                    return;
                }
                Err(error) if error.is_not_found() => return,
                Ok(()) if !self.follow => return,
                _ => {}
            }
            // Engines end a followed log when the container ends, and when its file is rotated.
            match container.inspect().await {
                Ok(found) if found.state.running || found.state.restarting => sleep(PAUSE).await,
                Ok(_) => {
                    // What was written between the last piece and the end.
                    let _ = self.read_on(&container, false, &mut cursor, &sender).await;
                    self.until_started(&container).await;
                }
                Err(error) if error.is_not_found() => return,
                Err(_) => sleep(PAUSE).await,
            }
            if sender.is_closed() {
                return;
            }
        }
    }

    /// A stopped container may be started again.
    async fn until_started(&self, container: &Container) {
        loop {
            let start = self.docker.events().container(&self.id).action(ActionKind::Start).action(ActionKind::Destroy);
            let mut changes = Changes::of(start).await;
            match container.inspect().await {
                Ok(found) if !found.state.running => changes.next_within(LOOK).await,
                _ => return,
            }
        }
    }

    async fn read_on(
        &self,
        container: &Container,
        follow: bool,
        cursor: &mut Cursor,
        sender: &Sender<Result<ServiceLine, Failure>>,
    ) -> crate::Result<()> {
        let logs = container.logs().follow(follow).timestamps(true);
        let logs = match (*cursor, self.tail) {
            (Some((time, _)), _) => logs.since(time),
            (None, Some(tail)) => logs.tail(tail),
            (None, None) => logs,
        };
        let mut known = *cursor;
        let mut lines = logs.await?.lines();
        while let Some(line) = lines.next().await {
            let line = line?;
            match (&mut known, line.time) {
                // It was read before.
                (Some((last, count)), Some(time)) if time < *last || (time == *last && *count > 0) => {
                    *count -= usize::from(time == *last && *count > 0);
                    continue;
                }
                _ => {}
            }
            match (&mut *cursor, line.time) {
                (Some((last, count)), Some(time)) if *last == time => *count += 1,
                (cursor, Some(time)) => *cursor = Some((time, 1)),
                (_, None) => {}
            }
            if sender.send(Ok(ServiceLine { target: self.target.clone(), line })).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl ServiceLines {
    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`] if a log cannot be read, such as one that its driver keeps elsewhere. When it is
    /// followed, what can be read again is.
    pub async fn next(&mut self) -> Option<Result<ServiceLine, Failure>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for ServiceLines {
    type Item = Result<ServiceLine, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.lines.poll_recv(cx)
    }
}

impl fmt::Display for ServiceLine {
    /// `web-1  listening on 80`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.target, self.line)
    }
}

impl fmt::Debug for ServiceLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceLines").finish_non_exhaustive()
    }
}
