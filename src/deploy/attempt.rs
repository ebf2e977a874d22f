//! [`Attempt`]: a run in progress, which removes what it created if it fails.

use super::event::{Event, Observer};
use super::failure::Failure;
use super::label::{LABEL, TEMPORARY};
use crate::container::Container;
use crate::network::NetworkSummary;
use crate::wire::random_id;
use crate::{Docker, Error, Limits, Result};
use std::collections::HashSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Default limit of the clean-up, so that a hanging engine does not block it.
pub(super) const CLEANUP_LIMIT: Duration = Duration::from_secs(30);
/// Pause before the second clean-up of a dropped deployment: the engine has completed requests that were in flight by then.
pub(super) const SECOND_LOOK: Duration = Duration::from_secs(2);
/// An engine whose look takes longer is busy, and may not have done yet what it was asked for: it is looked at again.
const BUSY: Duration = Duration::from_secs(1);
/// The largest number of looks at a busy engine.
const LOOKS: u32 = 5;

/// A run in progress, and then what it has created. All of that carries the run's label, so it is found even if the response with
/// its ID was lost.
///
/// If this is dropped while it is condemned, what it has created is removed in the background.
pub(super) struct Attempt {
    pub(super) docker: Docker,
    pub(super) observer: Observer,
    id: String,
    /// Set while what it has created has to be removed.
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
        let (docker, id, condemned) = (docker.clone(), random_id(), !keep_failed);
        Self { docker, observer, id, condemned, unsettled: true, cleanup_limit, cleanup }
    }

    /// The label of everything that this run creates.
    pub(super) fn label(&self) -> (&'static str, String) {
        (LABEL, self.id.clone())
    }

    pub(super) fn tell(&mut self, event: &Event) {
        self.observer.tell(event);
    }

    /// Ends the run successfully: what was created stays, or is removed when this is dropped.
    #[inline] // generates code only in crates that deploy
    pub(super) fn succeed(&mut self, remove_on_drop: bool) {
        (self.condemned, self.unsettled, self.observer) = (remove_on_drop, false, Observer::default());
        if !remove_on_drop {
            self.cleanup = None;
        }
    }

    /// Ends the run with a failure: collects evidence and removes what was created.
    pub(super) async fn fail(mut self, mut failure: Failure, container: Option<&Container>) -> Failure {
        if let Some(container) = container {
            failure = failure.with_evidence_within(container, self.cleanup_limit).await;
        }
        if !self.condemned {
            return failure;
        }
        self.tell(&Event::CleaningUp);
        failure.with_left(self.remove().await)
    }

    /// Removes now what was created. Returns what could not be removed, and why.
    pub(super) async fn remove(mut self) -> Vec<Error> {
        let left = remove_all(&self.docker, &self.id, self.cleanup_limit).await;
        self.condemned = false;
        left
    }
}

impl Drop for Attempt {
    /// Removes all of it in the background.
    #[inline] // generates code only in crates that deploy
    fn drop(&mut self) {
        if !self.condemned {
            return;
        }
        let (docker, id, limit) = (self.docker.clone(), std::mem::take(&mut self.id), self.cleanup_limit);
        let (cleanup, unsettled) = (self.cleanup.take(), self.unsettled);
        in_background(async move {
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
            drop(cleanup);
        });
    }
}

/// Does the work of a drop on a thread with a runtime of its own: a drop cannot wait, and the current runtime may be about to end.
#[inline] // generates code only in crates that deploy
pub(super) fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    let thread = std::thread::Builder::new().name("longshore-cleanup".to_owned());
    // Without a thread or a runtime, what is to be removed stays, with its label.
    let _ = thread.spawn(move || {
        if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
            runtime.block_on(work);
        }
    });
}

/// Removes everything with the label, containers first, except networks that another run uses. Returns the errors of what could
/// not be removed.
async fn remove_all(docker: &Docker, id: &str, limit: Duration) -> Vec<Error> {
    let begun = Instant::now();
    let limits = || Limits::new().whole(limit.saturating_sub(begun.elapsed()));
    let label = format!("{LABEL}={id}");
    let mut left = Vec::new();
    let mut note = |error| left.extend(gone(Err(error)).err());
    let containers = docker.containers().list().all(true).label(&label).limits(limits()).await;
    let mut used = HashSet::new();
    for found in containers.map_err(&mut note).unwrap_or_default() {
        used.extend(found.network_settings.networks.keys().map(str::to_owned));
        let removed = docker.container(found.id).remove().force(true).volumes(true).limits(limits()).await;
        removed.unwrap_or_else(&mut note);
    }
    // Its own networks, and temporary ones that an earlier run has left to it.
    let is_to_go = |found: &NetworkSummary| {
        found.labels.get(LABEL).is_some_and(|run| run == id)
            || (found.labels.contains_key(TEMPORARY) && used.contains(&found.name))
    };
    let networks = docker.networks().list().label(LABEL).limits(limits()).await;
    for found in networks.map_err(&mut note).unwrap_or_default().into_iter().filter(is_to_go) {
        let users = docker.containers().list().all(true).label(LABEL).network(&found.name).limits(limits()).await;
        if users.map_err(&mut note).unwrap_or_default().is_empty() {
            docker.network(found.id).remove().limits(limits()).await.unwrap_or_else(&mut note);
        } // else the last run that uses it removes it
    }
    let volumes = docker.volumes().list().label(&label).limits(limits()).await;
    for found in volumes.map_err(&mut note).unwrap_or_default() {
        docker.volume(found.name).remove().limits(limits()).await.unwrap_or_else(&mut note);
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
    /// This takes about a minute at most, and up to three with a busy engine, unless [another limit](super::Run::cleanup_limit) is set.
    /// In code that is not async, such as a `Drop`, call `wait` on the future (feature `blocking`).
    pub fn finished(self) -> Finished {
        Finished(self.receiver)
    }
}

/// The future of [`Cleanup::finished`].
#[derive(Debug)]
#[must_use = "it waits for nothing until it is awaited"]
pub struct Finished(Receiver<Infallible>);

impl Future for Finished {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // Nothing is ever sent: the channel closes when the last run drops its sender.
        self.0.poll_recv(cx).map(|_| ())
    }
}

#[cfg(feature = "blocking")]
impl Finished {
    /// Waits in code that is not async, such as a `Drop`: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error::is_invalid`] in an async context.
    pub fn wait(self) -> Result<()> {
        crate::blocking::Wait::wait(async {
            self.await;
            Ok(())
        })
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
pub(super) async fn stop(container: &Container) -> Result<()> {
    let limits = Limits::new().head(Duration::MAX).whole(Duration::MAX);
    let stop = || async { gone(container.stop().limits(limits).await) };
    match stop().await {
        // Podman does not stop a paused container.
        Err(error) if error.is_conflict() && is_paused(container).await => {
            drop(container.unpause().await); // if it fails, so does the second attempt
            stop().await
        }
        stopped => stopped,
    }
}

/// Starts a container, or resumes it if it is paused.
pub(super) async fn start_or_resume(container: &Container, limits: Limits) -> Result<()> {
    match container.start().limits(limits).await {
        Err(error) if error.is_conflict() && is_paused(container).await => container.unpause().await,
        started => started,
    }
}

async fn is_paused(container: &Container) -> bool {
    container.inspect().await.is_ok_and(|found| found.state.paused)
}

/// Removes a container with its anonymous volumes. Succeeds if it is already gone.
pub(super) async fn remove(container: &Container) -> Result<()> {
    gone(container.remove().force(true).volumes(true).await)
}

/// Succeeds if a removal failed because the object is already removed or being removed.
pub(super) fn gone(removed: Result<()>) -> Result<()> {
    match removed {
        Err(error)
            if error.is_not_found() || (error.is_conflict() && error.message().contains("already in progress")) =>
        {
            Ok(())
        }
        removed => removed,
    }
}
