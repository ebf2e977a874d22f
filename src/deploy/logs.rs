//! The logs of all services in one stream.

use super::cursor::Cursor;
use super::deployment::Deployment;
use super::failure::{Failure, Step};
use super::plan::Found;
use super::ready::Changes;
use super::target::Target;
use crate::container::{Container, ContainerInspect, ContainerStatus};
use crate::stream::Line;
use crate::system::{ActionKind, EventType};
use crate::{Docker, Error, Stream, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Number of lines that are buffered. When the buffer is full, the engine is not read either.
const WAITING: usize = 256;
/// Pause before a log is reopened.
const PAUSE: Duration = Duration::from_millis(200);
/// How often new containers are looked for, since events may be lost.
const LOOK: Duration = Duration::from_secs(10);

/// Number of lines that an error may cut: one of stdout, and one of stderr.
const SOURCES: usize = 2;

/// A call of [`Deployment::logs`].
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct ProjectLogs {
    deployment: Deployment,
    follow: bool,
    tail: Option<usize>,
}

/// A line of a service's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceLine {
    /// The replica that wrote the line.
    pub target: Target,
    /// The text and the timestamp.
    pub line: Line,
}

/// A stream of the log lines of all services.
///
/// Returned by [`Deployment::logs`] and [`SwarmDeployment::logs`](super::SwarmDeployment::logs).
/// Dropping it closes its connections.
#[must_use = "lines are not read unless they are asked for"]
pub struct ServiceLines {
    lines: Receiver<Result<ServiceLine, Failure>>,
    _readers: JoinSet<()>,
}

impl Deployment {
    /// Reads the logs of all services in one stream, each line with its replica.
    ///
    /// With [`follow`](ProjectLogs::follow), the stream includes containers that start later. It also resumes a log that ends
    /// early, after the rotation of its file or a broken connection, at the last line that was read. A log that Podman follows can lack
    /// lines where many are written at once: see [`Logs::follow`](crate::container::Logs::follow).
    ///
    /// ```no_run
    /// # async fn example(prod: longshore::deploy::Deployment) -> Result<(), longshore::deploy::Failure> {
    /// let mut lines = prod.logs().follow(true).tail(10).await?;
    /// while let Some(line) = lines.next().await {
    ///     println!("{}", line?); // web-1  listening on 80
    /// }
    /// # Ok(()) }
    /// ```
    pub fn logs(&self) -> ProjectLogs {
        ProjectLogs { deployment: self.clone(), follow: false, tail: None }
    }
}

impl ProjectLogs {
    /// Keeps the stream open and yields new lines as they are written. Defaults to `false`: ends with the existing logs.
    pub fn follow(mut self, follow: bool) -> Self {
        self.follow = follow;
        self
    }

    /// Limits the existing log of each container to its last lines. Default: all lines.
    pub fn tail(mut self, lines: usize) -> Self {
        self.tail = Some(lines);
        self
    }
}

impl IntoFuture for ProjectLogs {
    type Output = Result<ServiceLines, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // generates code only in crates that deploy
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let found = containers(&self.deployment).await?;
            let (sender, lines) = channel(WAITING);
            let mut readers = JoinSet::new();
            readers.spawn(self.read_all(found, sender));
            Ok(ServiceLines::new(lines, readers))
        })
    }
}

impl ProjectLogs {
    async fn read_all(self, mut found: Vec<(Target, Found)>, sender: Sender<Result<ServiceLine, Failure>>) {
        let Self { deployment, follow, mut tail } = self;
        let (mut readers, mut known) = (JoinSet::new(), BTreeSet::new());
        let mut changes = None;
        loop {
            for (target, container) in found {
                if known.insert(container.id.clone()) {
                    let (docker, container) = (deployment.docker.clone(), deployment.docker.container(container.id));
                    let sender = sender.clone();
                    let log = Log { docker, container, target, follow, tail, unfinished: None, sender };
                    readers.spawn(log.read());
                }
            }
            if !follow {
                while readers.join_next().await.is_some() {}
                return;
            }
            tail = None; // new containers are read from their beginning
            if changes.as_ref().is_none_or(Changes::are_lost) {
                let [project, environment] = deployment.desired.filters();
                let events = deployment.docker.events().kind(EventType::Container).action(ActionKind::Start);
                changes = Some(Changes::of(events.label(project).label(environment)).await);
            }
            if let Some(changes) = &mut changes {
                changes.next_within(LOOK).await;
            }
            found = containers(&deployment).await.unwrap_or_default(); // the engine may be restarting
        }
    }
}

/// Lists the containers to read: the current ones, and new ones that are not ready yet.
async fn containers(deployment: &Deployment) -> Result<Vec<(Target, Found)>, Failure> {
    let slots = deployment.observed().await?.slots.into_iter();
    let found = slots
        .flat_map(|(target, slot)| slot.current.into_iter().chain(slot.next).map(move |found| (target.clone(), found)));
    Ok(found.filter(|(_, found)| found.state != ContainerStatus::Created).collect())
}

/// A container's log.
struct Log {
    docker: Docker,
    container: Container,
    target: Target,
    follow: bool,
    /// The number of existing lines, until they are read.
    tail: Option<usize>,
    /// The last line without a line break. With Podman, the container's next output belongs to it.
    unfinished: Option<Line>,
    sender: Sender<Result<ServiceLine, Failure>>,
}

impl Log {
    async fn read(mut self) {
        let mut cursor = Cursor::default();
        loop {
            // The tail is read on its own: whatever is written after it is new, also in a log that was empty.
            let is_tail = self.tail.is_some();
            match self.read_on(self.follow && !is_tail, &mut cursor).await {
                Err(error) if !self.follow || is_refused(&error) => {
                    let failure = Failure::new(Step::Observe, error.into()).of(&self.target);
                    let _ = self.sender.send(Err(failure)).await;
                    return;
                }
                Err(error) if error.is_not_found() => return,
                Ok(()) if !self.follow => return,
                Ok(()) if is_tail && !self.sender.is_closed() => continue,
                _ => {}
            }
            // Engines end a followed log when the container exits, and also when the log file is rotated.
            match self.container.inspect().await {
                Ok(found) if found.state.running || found.state.restarting => sleep(PAUSE).await,
                Ok(found) => {
                    // Reads the lines that were written after the last chunk.
                    let _ = self.read_on(false, &mut cursor).await;
                    self.until_started(found.state.started_at).await;
                }
                Err(error) if error.is_not_found() => return,
                Err(_) => sleep(PAUSE).await,
            }
            if self.sender.is_closed() {
                return;
            }
        }
    }

    /// Waits until a stopped container is started again, after its last start at this time. It may have exited since.
    async fn until_started(&self, last: Option<Timestamp>) {
        let is_stopped = |found: &ContainerInspect| !found.state.running && found.state.started_at == last;
        loop {
            let start = self
                .docker
                .events()
                .container(self.container.id())
                .action(ActionKind::Start)
                .action(ActionKind::Destroy);
            let mut changes = Changes::of(start).await;
            let is_stopped = self.container.inspect().await.is_ok_and(|found| is_stopped(&found));
            if !is_stopped || changes.next_within(LOOK).await.is_some() {
                return;
            }
        }
    }

    async fn read_on(&mut self, follow: bool, cursor: &mut Cursor) -> crate::Result<()> {
        let logs = self.container.logs().follow(follow);
        let logs = match self.tail {
            Some(tail) => logs.tail(tail.max(1)), // of no lines, the last one is the position
            None => logs,
        };
        let mut lines = cursor.open(logs).await?.lines();
        let mut held = VecDeque::new();
        loop {
            // After an error, the log is read again from the lines that the error has cut.
            let next = lines.next().await.transpose()?;
            let has_ended = next.is_none();
            let may_be_cut = next.as_ref().is_some_and(|line| !line.is_whole);
            held.extend(next);
            while held.len() > if may_be_cut { SOURCES } else { 0 } {
                let Some(mut line) = held.pop_front() else { continue };
                let unfinished = (has_ended && !line.is_whole).then(|| line.clone());
                let begun = self.unfinished.take_if(|begun| is_rest_of(&line, begun) && !cursor.expects(&line));
                if let Some(begun) = &begun {
                    cursor.is_new(begun.time, begun.text.as_bytes());
                }
                self.unfinished = unfinished.or(self.unfinished.take());
                if !cursor.is_new(line.time, line.text.as_bytes()) || self.tail == Some(0) {
                    continue;
                }
                if let Some(begun) = begun {
                    line.text.drain(..begun.text.len());
                }
                if self.sender.send(Ok(ServiceLine { target: self.target.clone(), line })).await.is_err() {
                    return Ok(());
                }
            }
            if has_ended {
                self.tail = None;
                return Ok(());
            }
        }
    }
}

/// Returns whether an earlier look at the log may have read only the beginning of this line.
fn is_rest_of(line: &Line, begun: &Line) -> bool {
    let has_more = line.text.len() > begun.text.len() && line.text.starts_with(&begun.text);
    has_more && line.time == begun.time && line.source == begun.source
}

/// Returns whether the engine will never return the log, for example because its driver stores it elsewhere.
fn is_refused(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 403 | 501))
}

impl ServiceLines {
    /// Takes the channel of the lines, and the tasks that fill it.
    pub(super) fn new(lines: Receiver<Result<ServiceLine, Failure>>, readers: JoinSet<()>) -> Self {
        Self { lines, _readers: readers }
    }

    /// Returns the next line, or `None` at the end.
    ///
    /// # Errors
    /// [`Failure`] at [`Step::Observe`] if a log cannot be read, for example because its driver stores it elsewhere. The logs of
    /// other containers go on. A followed log retries after errors that may be temporary.
    pub async fn next(&mut self) -> Option<Result<ServiceLine, Failure>> {
        self.lines.recv().await
    }
}

impl Stream for ServiceLines {
    type Item = Result<ServiceLine, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.lines.poll_recv(cx)
    }
}

crate::stream::iterable!(ServiceLines);

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
