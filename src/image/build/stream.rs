//! [`BuildStream`]: the progress of a build.

use super::cancel::Cancelling;
use crate::Result;
use crate::stream::{Logins, Progress, ProgressStream};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Yields the progress of a build, from [`Build::stream`](super::Build::stream).
///
/// The stream ends without an error if the build succeeded. An error that the engine reports is the last item. Dropping
/// the stream cancels the build.
#[must_use = "the engine stops building if the stream is dropped"]
pub struct BuildStream {
    steps: Steps,
    #[cfg(feature = "buildkit")]
    buildkit: Option<super::buildkit::Watched>,
    cancelling: Option<Cancelling>,
    logins: Logins,
    is_over: bool,
}

/// The source of the progress.
enum Steps {
    Build(Box<ProgressStream>),
    #[cfg(feature = "buildkit")]
    Solve(super::buildkit::Solving),
}

impl BuildStream {
    pub(super) fn new(steps: ProgressStream) -> Self {
        Self::of(Steps::Build(Box::new(steps)))
    }

    /// A build by BuildKit's own API.
    #[cfg(feature = "buildkit")]
    pub(super) fn solving(solving: super::buildkit::Solving) -> Self {
        Self::of(Steps::Solve(solving))
    }

    fn of(steps: Steps) -> Self {
        Self {
            steps,
            #[cfg(feature = "buildkit")]
            buildkit: None,
            cancelling: None,
            logins: Logins::default(),
            is_over: false,
        }
    }

    /// Adds the session, which the engine uses until the build ends.
    #[cfg(feature = "buildkit")]
    pub(super) fn watched(mut self, watched: super::buildkit::Watched) -> Self {
        self.buildkit = Some(watched);
        self
    }

    /// Hides these in the progress and its errors.
    pub(super) fn hiding(mut self, logins: Logins) -> Self {
        self.logins = logins;
        self
    }

    pub(super) fn cancelling(mut self, cancelling: Cancelling) -> Self {
        self.cancelling = Some(cancelling);
        self
    }

    /// Returns the next progress record, or `None` after a successful build.
    ///
    /// # Errors
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream) if the engine reports an error. With BuildKit, the message names
    /// the step that failed.
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection closes early.
    /// [`Error::is_timeout`](crate::Error::is_timeout) if nothing arrives within the idle limit.
    /// The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<Progress>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for BuildStream {
    type Item = Result<Progress>;

    #[inline] // generates code only in crates that follow it
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let step = match &mut self.steps {
            Steps::Build(steps) => ready!(Pin::new(steps).poll_next(cx)),
            #[cfg(feature = "buildkit")]
            Steps::Solve(solving) => ready!(solving.steps.poll_recv(cx)),
        };
        #[cfg(feature = "buildkit")]
        let step = match &mut self.buildkit {
            Some(watched) => step.map(|step| watched.note(step)),
            None => step,
        };
        let step = step.map(|step| self.logins.hide_in_step(step));
        self.is_over = !matches!(step, Some(Ok(_)));
        if self.is_over {
            match (self.cancelling.take(), &step) {
                (Some(cancelling), Some(Err(error))) => cancelling.end_by(error),
                (Some(cancelling), _) => cancelling.end(),
                (None, _) => {}
            }
            #[cfg(feature = "buildkit")]
            {
                drop(self.buildkit.take());
                if let Steps::Solve(solving) = &mut self.steps {
                    solving.stop();
                }
            }
        }
        Poll::Ready(step)
    }
}

crate::stream::iterable!(BuildStream);

impl fmt::Debug for BuildStream {
    /// Hides the progress.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuildStream").finish_non_exhaustive()
    }
}
