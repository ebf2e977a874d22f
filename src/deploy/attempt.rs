//! [`Attempt`]: a deployment in progress, which removes what it created if it fails.

use super::event::{Event, Observer};
use super::failure::{Cause, Evidence, Failure, Step};
use super::label::{LABEL, random_id};
use crate::container::Container;
use crate::{Docker, Limits};
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Number of log lines that are kept of a failed container.
const LAST_LINES: usize = 20;
/// Limit of each request that collects evidence.
const EVIDENCE_LIMIT: Duration = Duration::from_secs(10);
/// Default limit of the clean-up, so that a hanging engine does not block it.
pub(super) const CLEANUP_LIMIT: Duration = Duration::from_secs(30);
/// Pause before the second clean-up of a dropped deployment: the engine has completed requests that were in flight by then.
pub(super) const SECOND_LOOK: Duration = Duration::from_secs(2);
/// An engine whose look takes longer is busy, and may not have done yet what it was asked for: it is looked at again.
const BUSY: Duration = Duration::from_secs(1);
/// The largest number of looks at a busy engine.
const LOOKS: u32 = 5;

/// A deployment in progress. Dropped before it has succeeded, it removes what it has created in the background.
pub(super) struct Attempt {
    pub(super) observer: Observer,
    keep_failed: bool,
    made: Made,
}

/// What a run has created. All of it carries the run's label, so it is found even if the response with its ID was lost.
///
/// If this is dropped while it is condemned, it is removed in the background.
pub(super) struct Made {
    docker: Docker,
    id: String,
    /// Set while it has to be removed.
    condemned: bool,
    /// Set while the engine may still process a request that creates more.
    unsettled: bool,
    cleanup_limit: Duration,
    /// Dropped to notify those who wait for the clean-up.
    cleanup: Option<Sender<Infallible>>,
}

impl Attempt {
    #[inline]
    pub(super) fn new(
        docker: &Docker,
        observer: Observer,
        keep_failed: bool,
        (cleanup, cleanup_limit): (Option<Sender<Infallible>>, Duration),
    ) -> Self {
        let (docker, id) = (docker.clone(), random_id());
        let made = Made { docker, id, condemned: !keep_failed, unsettled: true, cleanup_limit, cleanup };
        Self { observer, keep_failed, made }
    }

    pub(super) fn docker(&self) -> &Docker {
        &self.made.docker
    }

    pub(super) fn parts(&mut self) -> (&Docker, &mut Observer) {
        (&self.made.docker, &mut self.observer)
    }

    /// The label of everything that this deployment creates.
    pub(super) fn label(&self) -> (&'static str, String) {
        (LABEL, self.made.id.clone())
    }

    pub(super) fn tell(&mut self, event: &Event) {
        self.observer.tell(event);
    }

    /// Ends it successfully: what was created stays, or is removed when [`Made`] is dropped.
    #[inline] // generates code only in crates that deploy
    pub(super) fn succeed(self, remove_on_drop: bool) -> Made {
        let mut made = self.made;
        (made.condemned, made.unsettled) = (remove_on_drop, false);
        if !remove_on_drop {
            made.cleanup = None;
        }
        made
    }

    /// Ends it with a failure: collects evidence and removes what was created.
    pub(super) async fn fail(mut self, step: Step, cause: Cause, container: Option<&Container>) -> Failure {
        let failure = Failure::new(step, cause);
        let failure = match container {
            Some(container) => failure.with_evidence(evidence_within(container, self.made.cleanup_limit).await),
            None => failure,
        };
        if self.keep_failed || step == Step::Check {
            self.made.condemned = false;
            return failure;
        }
        self.tell(&Event::CleaningUp);
        failure.with_left(self.made.remove().await)
    }
}

impl Made {
    /// Removes all of it now. Returns what could not be removed, and why.
    pub(super) async fn remove(mut self) -> Vec<crate::Error> {
        let left = remove_all(&self.docker, &self.id, self.cleanup_limit).await;
        self.condemned = false;
        left
    }
}

impl Drop for Made {
    /// Removes it on a thread with a runtime of its own: a drop cannot wait, and the current runtime may be about to end.
    #[inline] // generates code only in crates that deploy
    fn drop(&mut self) {
        if !self.condemned {
            return;
        }
        let (docker, id, limit) = (self.docker.clone(), std::mem::take(&mut self.id), self.cleanup_limit);
        let (cleanup, unsettled) = (self.cleanup.take(), self.unsettled);
        let thread = std::thread::Builder::new().name("longshore-cleanup".to_owned());
        // Without a thread or a runtime it stays, with its label.
        let _ = thread.spawn(move || {
            let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                remove_all(&docker, &id, limit).await;
                let looks = if unsettled { LOOKS } else { 0 };
                for _ in 0..looks {
                    tokio::time::sleep(SECOND_LOOK).await;
                    let begun = Instant::now();
                    remove_all(&docker, &id, limit).await;
                    if begun.elapsed() < BUSY {
                        break;
                    }
                }
            });
            drop(cleanup);
        });
    }
}

pub(super) async fn evidence(container: &Container) -> Evidence {
    evidence_within(container, EVIDENCE_LIMIT).await
}

async fn evidence_within(container: &Container, limit: Duration) -> Evidence {
    let limits = Limits::new().whole(limit.min(EVIDENCE_LIMIT));
    let state = container.inspect().limits(limits).await.ok().map(|inspected| inspected.state);
    let mut logs = Vec::new();
    // Unreadable logs must not hide the original failure.
    if let Ok(output) = container.logs().tail(LAST_LINES).limits(limits).await {
        let mut lines = output.lines();
        while let Some(Ok(line)) = lines.next().await {
            logs.push(line);
        }
    }
    // The engine counts entries of the log, and a long entry may hold several lines.
    logs.drain(..logs.len().saturating_sub(LAST_LINES));
    Evidence { logs, state }
}

/// Removes everything with the label, containers first. Returns the errors of what could not be removed.
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

/// Waits for the clean-up of [`Run`](super::Run)s whose future was dropped, for example by a timeout.
///
/// ```no_run
/// use longshore::deploy::{Cleanup, Run};
/// use std::time::Duration;
///
/// # async fn example(docker: longshore::Docker) {
/// let cleanup = Cleanup::new();
/// let run = Run::new("nginx:1.27").cleanup(&cleanup);
/// let started = tokio::time::timeout(Duration::from_secs(5), run.start(&docker)).await;
/// cleanup.finished().await; // now `started` is a running service, or nothing is left
/// # }
/// ```
#[derive(Debug)]
#[must_use = "it waits for nothing until `finished` is awaited"]
pub struct Cleanup {
    sender: Sender<Infallible>,
    receiver: Receiver<Infallible>,
}

impl Cleanup {
    /// Creates a waiter without runs. [`Run::cleanup`](super::Run::cleanup) adds one.
    pub fn new() -> Self {
        let (sender, receiver) = channel(1);
        Self { sender, receiver }
    }

    pub(super) fn sender(&self) -> Sender<Infallible> {
        self.sender.clone()
    }

    /// Waits until its runs have ended and everything that failed runs created is removed.
    ///
    /// This takes about a minute at most, unless [another limit](super::Run::cleanup_limit) is set.
    pub async fn finished(self) {
        let Self { sender, mut receiver } = self;
        drop(sender);
        // Nothing is ever sent: the channel closes when the last run drops its sender.
        let _ = receiver.recv().await;
    }
}

impl Default for Cleanup {
    fn default() -> Self {
        Self::new()
    }
}

/// Stops a container. Succeeds if it is already gone.
///
/// The container's own stop timeout bounds this, so the client's limits do not apply.
pub(super) async fn stop(container: &Container) -> crate::Result<()> {
    let limits = Limits::new().head(Duration::MAX).whole(Duration::MAX);
    match container.stop().limits(limits).await {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Removes a container with its anonymous volumes. Succeeds if it is already gone.
pub(super) async fn remove(container: &Container) -> crate::Result<()> {
    match container.remove().force(true).volumes(true).await {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Returns whether a removal failed because the object is already removed or being removed.
pub(super) fn is_gone(error: &crate::Error) -> bool {
    error.is_not_found() || (error.is_conflict() && error.message().contains("already in progress"))
}
