//! [`Failure`]: why a deployment failed, with what is needed to see why.

use crate::container::{ContainerState, ExitStatus};
use crate::stream::Line;
use std::fmt;
use std::time::Duration;

/// Says which step of a deployment failed and why, and what the container had to say to it.
///
/// What the run had made is removed by then, unless it was told to [keep it](super::Run::keep_failed).
#[derive(Debug)]
pub struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    step: Step,
    cause: Cause,
    evidence: Evidence,
    left: Vec<crate::Error>,
}

/// What a container leaves for whoever has to find out why it failed.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) logs: Vec<Line>,
    pub(super) state: Option<ContainerState>,
}

/// A step of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Checking what was asked for, before anything is done.
    Check,
    /// Having the image.
    Pull,
    /// Having the networks.
    Network,
    /// Having the volumes.
    Volume,
    /// Making the container.
    Create,
    /// Starting it.
    Start,
    /// Waiting until it is ready.
    Ready,
    /// Waiting until it ends.
    Wait,
    /// Removing it.
    Remove,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] crate::Error),
    /// The container ended before it was ready.
    #[error("the container ended before it was ready: {0}")]
    Exited(ExitStatus),
    /// The container's health check failed as often as it may.
    #[error("the container is unhealthy: {0}")]
    Unhealthy(String),
    /// The container has no health check, so that it can never be healthy.
    #[error(
        "the container has no health check: give it one (`ContainerSpec::health`), or another condition to be ready by"
    )]
    NoHealthCheck,
    /// The container was not ready in time.
    #[error("the container was not ready within {0:?}")]
    NotReady(Duration),
    /// The container's output ended, without the line that says that it is ready.
    #[error("the container's output ended without the line that was waited for")]
    NoSuchLine,
    /// What was asked for cannot be done.
    #[error("{0}")]
    Refused(String),
}

impl Failure {
    pub(super) fn new(step: Step, cause: Cause) -> Self {
        Self(Box::new(Inner { step, cause, evidence: Evidence::default(), left: Vec::new() }))
    }

    pub(super) fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.0.evidence = evidence;
        self
    }

    pub(super) fn with_left(mut self, left: Vec<crate::Error>) -> Self {
        self.0.left = left;
        self
    }

    /// The step that failed.
    #[must_use]
    pub fn step(&self) -> Step {
        self.0.step
    }

    /// Why it failed.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// The call that failed, if it was one.
    #[must_use]
    pub fn error(&self) -> Option<&crate::Error> {
        match &self.0.cause {
            Cause::Call(error) => Some(error),
            _ => None,
        }
    }

    /// The last lines that the container wrote, at most 20; none if it never ran.
    #[must_use]
    pub fn logs(&self) -> &[Line] {
        &self.0.evidence.logs
    }

    /// The container's state when the step failed: exit code, whether it was out of memory, the engine's error, its health.
    /// `None` if there was no container, or nothing could be learned of it.
    #[must_use]
    pub fn state(&self) -> Option<&ContainerState> {
        self.0.evidence.state.as_ref()
    }

    /// What could not be removed again, and why; empty if nothing is left.
    #[must_use]
    pub fn left(&self) -> &[crate::Error] {
        &self.0.left
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check => "before anything was done",
            Self::Pull => "at having the image",
            Self::Network => "at having the network",
            Self::Volume => "at having the volume",
            Self::Create => "at making the container",
            Self::Start => "at starting the container",
            Self::Ready => "at waiting until the container is ready",
            Self::Wait => "at waiting until the container ends",
            Self::Remove => "at removing the container",
        })
    }
}

impl fmt::Display for Failure {
    /// The step and the cause in a line, then the container's state and last lines, then what is left.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { step, cause, evidence, left } = &*self.0;
        write!(f, "the deployment failed {step}: {cause}")?;
        if let Some(state) = &evidence.state {
            write!(f, "\nthe container is {}, its exit code {}", state.status, state.exit_code)?;
            if state.oom_killed {
                f.write_str(", killed for want of memory")?;
            }
            if let Some(error) = &state.error {
                write!(f, ", with the error {error:?}")?;
            }
        }
        if !evidence.logs.is_empty() {
            f.write_str("\nits last lines:")?;
        }
        for line in &evidence.logs {
            write!(f, "\n  {line}")?;
        }
        for error in left {
            write!(f, "\nleft behind: {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Call(error) => Some(error),
            _ => None,
        }
    }
}
