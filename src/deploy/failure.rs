//! [`Failure`]: why a deployment failed, with what is needed to see why.

use super::target::Target;
use crate::container::{ContainerState, ExitStatus};
use crate::stream::Line;
use std::fmt;
use std::time::Duration;

/// Says which step of a deployment failed and why, and what the container had to say to it.
///
/// What the run had made is removed by then, unless it was told to [keep it](super::Run::keep_failed).
pub struct Failure(Box<Inner>);

struct Inner {
    step: Step,
    cause: Cause,
    evidence: Evidence,
    left: Vec<crate::Error>,
    /// Of a project: the replica.
    target: Option<Target>,
    /// Why what was there before could not be put back.
    rollback: Option<crate::Error>,
    /// What else has failed at the same time.
    others: Vec<Failure>,
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
    /// Building the image, or pushing it.
    Build,
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
    /// Stopping the container that is to be replaced.
    Stop,
    /// Putting the container in its place.
    Rename,
    /// Taking the lock, so that nobody else deploys at the same time.
    Lock,
    /// Finding out what is there.
    Observe,
    /// Putting right what a killed deployment has left, or what was there before.
    Recover,
    /// Running what has to be run before.
    Before,
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
    /// What is to be done once a container is ready has failed.
    #[error("what is done once it is ready has failed: {0}")]
    Hook(String),
    /// Somebody else is deploying: who, and since when.
    #[error("{0} is deploying the same environment: wait for them (`Deployment::wait_for_lock`)")]
    Locked(String),
    /// A service that this one comes after has failed.
    #[error("the service {0:?}, which it comes after, has failed")]
    Dependency(String),
    /// What is there is not what it was when the plan was made.
    #[error("the engine has changed since the plan was made: make another one")]
    Stale,
    /// A network, volume or container of this name is there, and is not this project's.
    #[error("{0} is there already, and does not belong to this project and environment: rename or remove it")]
    Stranger(String),
}

impl Failure {
    pub(super) fn new(step: Step, cause: Cause) -> Self {
        Self(Box::new(Inner {
            step,
            cause,
            evidence: Evidence::default(),
            left: Vec::new(),
            target: None,
            rollback: None,
            others: Vec::new(),
        }))
    }

    /// What was asked for cannot be done, and nothing was.
    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::new(Step::Check, Cause::Refused(why.into()))
    }

    pub(super) fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.0.evidence = evidence;
        self
    }

    pub(super) fn with_left(mut self, left: Vec<crate::Error>) -> Self {
        self.0.left = left;
        self
    }

    pub(super) fn with_rollback(mut self, error: crate::Error) -> Self {
        self.0.rollback = Some(error);
        self
    }

    pub(super) fn of(mut self, target: &Target) -> Self {
        self.0.target.get_or_insert_with(|| target.clone());
        self
    }

    pub(super) fn with_other(mut self, other: Self) -> Self {
        self.0.others.push(other);
        self
    }

    /// The replica of a project that failed.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.0.target.as_ref()
    }

    /// Why what was there before could not be put back, if that failed too.
    #[must_use]
    pub fn rollback(&self) -> Option<&crate::Error> {
        self.0.rollback.as_ref()
    }

    /// What else has failed at the same time, of other services.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.0.others
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
            Self::Build => "at building the image",
            Self::Network => "at having the network",
            Self::Volume => "at having the volume",
            Self::Create => "at making the container",
            Self::Start => "at starting the container",
            Self::Ready => "at waiting until the container is ready",
            Self::Wait => "at waiting until the container ends",
            Self::Remove => "at removing the container",
            Self::Stop => "at stopping the container that is to be replaced",
            Self::Rename => "at putting the container in its place",
            Self::Lock => "before anything was done, at taking the lock",
            Self::Observe => "before anything was done, at finding out what is there",
            Self::Recover => "at putting back what was there before",
            Self::Before => "at what has to run before",
        })
    }
}

impl fmt::Display for Failure {
    /// The step and the cause in a line, then the container's state and last lines, then what is left.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { step, cause, evidence, left, target, rollback, others } = &*self.0;
        match target {
            Some(target) => write!(f, "the deployment of {target} failed {step}: {cause}")?,
            None => write!(f, "the deployment failed {step}: {cause}")?,
        }
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
        if let Some(error) = rollback {
            write!(f, "\nwhat was there before could not be put back, and does not run: {error}")?;
        }
        for other in others {
            write!(f, "\n{other}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { step, cause, evidence, left, target, rollback, others } = &*self.0;
        f.debug_struct("Failure")
            .field("target", target)
            .field("step", step)
            .field("cause", cause)
            .field("evidence", evidence)
            .field("left", left)
            .field("rollback", rollback)
            .field("others", others)
            .finish()
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
