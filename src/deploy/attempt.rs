//! [`Attempt`]: a deployment under way, and the removal of what it made if it comes to nothing.

use super::event::{Event, Observer};
use super::failure::{Cause, Evidence, Failure, Step};
use super::label::{LABEL, random_id};
use crate::container::Container;
use crate::{Docker, Limits};
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// So many of a failed container's last lines are kept.
const LAST_LINES: usize = 20;
/// How long it may take to ask for each piece of evidence.
const EVIDENCE_LIMIT: Duration = Duration::from_secs(10);
/// How long the clean-up may take, if nothing else is said: an engine that hangs is not waited for any longer.
pub(super) const CLEANUP_LIMIT: Duration = Duration::from_secs(30);
/// What the engine was still at work on when a deployment was dropped is there by then.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// A deployment under way. All that it makes carries its label, so that it is found again even if the answer that names it
/// was lost; dropped before it has succeeded, it removes that in the background.
pub(super) struct Attempt {
    pub(super) docker: Docker,
    pub(super) observer: Observer,
    id: String,
    keep_failed: bool,
    /// Nothing is to be removed (any more).
    over: bool,
    cleanup_limit: Duration,
    /// Whoever waits for the clean-up is told by its being dropped.
    cleanup: Option<Sender<Infallible>>,
}

impl Attempt {
    pub(super) fn new(
        docker: &Docker,
        observer: Observer,
        keep_failed: bool,
        (cleanup, cleanup_limit): (Option<Sender<Infallible>>, Duration),
    ) -> Self {
        let (docker, id) = (docker.clone(), random_id());
        Self { docker, observer, id, keep_failed, over: keep_failed, cleanup_limit, cleanup }
    }

    /// The label that everything is to carry.
    pub(super) fn label(&self) -> (&'static str, String) {
        (LABEL, self.id.clone())
    }

    pub(super) fn tell(&mut self, event: &Event) {
        self.observer.tell(event);
    }

    /// Ends it well: what was made stays.
    pub(super) fn succeed(mut self) {
        self.over = true;
    }

    /// Ends it badly: what was made is removed, and the failure tells what there is to know.
    pub(super) async fn fail(mut self, step: Step, cause: Cause, container: Option<&Container>) -> Failure {
        let failure = Failure::new(step, cause);
        let failure = match container {
            Some(container) => failure.with_evidence(evidence_within(container, self.cleanup_limit).await),
            None => failure,
        };
        if self.keep_failed || step == Step::Check {
            self.over = true;
            return failure;
        }
        self.tell(&Event::CleaningUp);
        let left = remove_all(&self.docker, &self.id, self.cleanup_limit).await;
        self.over = true;
        failure.with_left(left)
    }
}

impl Drop for Attempt {
    /// A drop cannot wait. Without a runtime, or on one that shuts down, what was made stays, with its label.
    #[inline] // what it calls is compiled where somebody deploys, and not before
    fn drop(&mut self) {
        if self.over {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (docker, id, limit) = (self.docker.clone(), std::mem::take(&mut self.id), self.cleanup_limit);
            let cleanup = self.cleanup.take();
            runtime.spawn(async move {
                remove_all(&docker, &id, limit).await;
                tokio::time::sleep(SECOND_LOOK).await;
                remove_all(&docker, &id, limit).await;
                drop(cleanup);
            });
        }
    }
}

pub(super) async fn evidence(container: &Container) -> Evidence {
    evidence_within(container, EVIDENCE_LIMIT).await
}

async fn evidence_within(container: &Container, limit: Duration) -> Evidence {
    let limits = Limits::new().whole(limit.min(EVIDENCE_LIMIT));
    let state = container.inspect().limits(limits).await.ok().map(|inspected| inspected.state);
    let mut logs = Vec::new();
    // What cannot be read is not there; the failure is another one.
    if let Ok(output) = container.logs().tail(LAST_LINES).limits(limits).await {
        let mut lines = output.lines();
        while let Some(Ok(line)) = lines.next().await {
            logs.push(line);
        }
    }
    // Lines are those of the log; a long one may have come in parts.
    logs.drain(..logs.len().saturating_sub(LAST_LINES));
    Evidence { logs, state }
}

/// Removes everything that carries the label, containers first; gives what could not be.
async fn remove_all(docker: &Docker, id: &str, limit: Duration) -> Vec<crate::Error> {
    let begun = Instant::now();
    let limits = || Limits::new().whole(limit.saturating_sub(begun.elapsed()));
    let label = format!("{LABEL}={id}");
    let mut left = Vec::new();
    let mut note = |result: crate::Result<()>| match result {
        Err(error) if !is_gone(&error) => left.push(error),
        _ => {}
    };
    match docker.containers().list().all(true).label(&label).limits(limits()).await {
        Ok(containers) => {
            for container in containers {
                note(docker.container(container.id).remove().force(true).volumes(true).limits(limits()).await);
            }
        }
        Err(error) => note(Err(error)),
    }
    match docker.networks().list().label(&label).limits(limits()).await {
        Ok(networks) => {
            for network in networks {
                note(docker.network(network.id).remove().limits(limits()).await);
            }
        }
        Err(error) => note(Err(error)),
    }
    match docker.volumes().list().label(&label).limits(limits()).await {
        Ok(list) => {
            for volume in list {
                note(docker.volume(volume.name).remove().limits(limits()).await);
            }
        }
        Err(error) => note(Err(error)),
    }
    left
}

/// Waits for the clean-up of [`Run`](super::Run)s whose future was dropped, such as by a timeout.
///
/// ```no_run
/// use longshore::deploy::{Cleanup, Run};
/// use std::time::Duration;
///
/// # async fn example(docker: longshore::Docker) {
/// let cleanup = Cleanup::new();
/// let run = Run::new("nginx:1.27").cleanup(&cleanup);
/// let started = tokio::time::timeout(Duration::from_secs(5), run.start(&docker)).await;
/// cleanup.finished().await; // nothing is left now, or `started` is a service
/// # }
/// ```
#[derive(Debug)]
#[must_use = "it waits for nothing until `finished` is awaited"]
pub struct Cleanup {
    sender: Sender<Infallible>,
    receiver: Receiver<Infallible>,
}

impl Cleanup {
    /// One that waits for no run yet: [`Run::cleanup`](super::Run::cleanup) makes it wait for one.
    pub fn new() -> Self {
        let (sender, receiver) = channel(1);
        Self { sender, receiver }
    }

    pub(super) fn sender(&self) -> Sender<Infallible> {
        self.sender.clone()
    }

    /// Waits until its runs are over, and what they made and failed to deploy is removed, which takes a minute at most if
    /// [no other limit](super::Run::cleanup_limit) is set.
    pub async fn finished(self) {
        let Self { sender, mut receiver } = self;
        drop(sender);
        // Nothing is ever sent: it ends once the last of its runs is gone.
        let _ = receiver.recv().await;
    }
}

impl Default for Cleanup {
    fn default() -> Self {
        Self::new()
    }
}

/// Removes it with its anonymous volumes; that it is gone is fine.
pub(super) async fn remove(container: &Container) -> crate::Result<()> {
    match container.remove().force(true).volumes(true).await {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Whether a removal failed because something else removes it, or has.
pub(super) fn is_gone(error: &crate::Error) -> bool {
    error.is_not_found() || (error.is_conflict() && error.message().contains("already in progress"))
}
