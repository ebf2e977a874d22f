//! [`Failure`]: why a deployment failed, with the evidence to debug it.

mod evidence;

use evidence::Evidence;

use super::target::Target;
use crate::container::{Container, ContainerState, ExitStatus};
use crate::stream::Line;
use std::fmt;
use std::time::Duration;

/// The error of a deployment: the step that failed, the cause, and the container's state, failed health checks and last log lines.
///
/// Everything that a failed run created is already removed, unless [`keep_failed`](super::Run::keep_failed) is set.
///
/// ```no_run
/// use longshore::deploy::{Cause, Ready, Run, Step};
///
/// # async fn example(docker: longshore::Docker) {
/// let run = Run::new("shop:1.4").ready(Ready::healthy());
/// if let Err(failure) = run.start(&docker).await {
///     if failure.step() == Step::Ready && matches!(failure.cause(), Cause::Exited(_)) {
///         eprintln!("the container crashed: {:?}", failure.logs());
///     }
///     eprintln!("{failure}"); // the step, the cause, the exit code and the last log lines
/// }
/// # }
/// ```
pub struct Failure(Box<Inner>);

struct Inner {
    step: Step,
    cause: Cause,
    evidence: Evidence,
    left: Vec<crate::Error>,
    /// The replica, if the failure is of a project.
    target: Option<Target>,
    /// The name of the image, network, volume or service, if the failure is of a project.
    subject: Option<String>,
    /// Why the previous container could not be restored.
    rollback: Option<crate::Error>,
    /// Failures of other services at the same time.
    others: Vec<Failure>,
}

/// A step of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Checking the configuration, before any change.
    Check,
    /// Getting the image.
    Pull,
    /// Building the image.
    Build,
    /// Pushing the image that was built.
    Push,
    /// Creating the networks.
    Network,
    /// Creating the volumes.
    Volume,
    /// Creating the container.
    Create,
    /// Creating or updating the swarm service, or its secrets and configs.
    Service,
    /// Waiting until the swarm service has converged.
    Converge,
    /// Starting the container.
    Start,
    /// Waiting until the container is ready.
    Ready,
    /// Waiting until the container exits.
    Wait,
    /// [Collecting](super::Run::collect) the results of a job.
    Collect,
    /// Removing the container.
    Remove,
    /// Stopping the container that is to be replaced.
    Stop,
    /// Renaming the previous container, and the new one to its final name.
    Rename,
    /// Taking the lock that keeps other deployers away.
    Lock,
    /// Releasing the lock. Everything is done. The release is retried in the background.
    Unlock,
    /// Reading what exists on the engine.
    Observe,
    /// Making several changes at the same time: the task of one of them was cancelled or panicked.
    Task,
    /// Recovering an interrupted deployment, or restoring a previous version.
    Recover,
    /// Running the service's [`before`](super::Service::before) container, waiting for the services that it depends on, or making
    /// sure that this deployer still holds the lock.
    Before,
}

/// The reason why a step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// A request failed.
    #[error(transparent)]
    Call(#[from] crate::Error),
    /// The container exited before it was ready, or before it was in its place.
    #[error("the container ended too early: {0}")]
    Exited(ExitStatus),
    /// The container is unhealthy. Contains the output of its last health check.
    #[error("the container is unhealthy: {0}")]
    Unhealthy(String),
    /// The container has no health check, so it can never become healthy.
    #[error(
        "the container has no health check: define one (`ContainerSpec::health`), or choose another `Ready` condition"
    )]
    NoHealthCheck,
    /// The container ran out of memory before it was ready, and the kernel killed one of its processes. If that was its main
    /// process, the cause may be [`Exited`](Self::Exited) instead.
    #[error(
        "the container ran out of memory, and one of its processes was killed: raise its limit (`ContainerSpec::memory`)"
    )]
    OutOfMemory,
    /// The container was not ready within the deadline.
    #[error("the container was not ready within {limit:?}: {outcome}")]
    NotReady {
        /// The deadline.
        limit: Duration,
        /// What is missing, with the outcome of the last try, such as `GET http://172.17.0.2:80/health responded 404`.
        outcome: String,
    },
    /// The job did not exit within its [deadline](super::Run::deadline), so it was stopped. Contains the deadline.
    #[error("the job did not exit within {0:?}, so it was stopped")]
    TimedOut(Duration),
    /// The request is invalid. Contains the reason.
    #[error("{0}")]
    Refused(String),
    /// The [`on_ready`](super::Deployment::on_ready) hook failed. Contains its error, or the message of its panic.
    #[error("the `on_ready` hook failed: {0}")]
    Hook(String),
    /// Another deployer holds the lock. Contains who it is, and since when.
    #[error("{0} is deploying the same environment: wait for them (`Deployment::wait_for_lock`)")]
    Locked(String),
    /// This deployer's lock has expired, so that another one may be at work. What was deployed until then stays.
    #[error(
        "its lock has expired, so that another deployer may be at work: apply again, with a longer `Deployment::lease`"
    )]
    LeaseOver,
    /// A service that this one depends on failed. Contains its name.
    #[error("the service {0:?}, which it depends on, failed")]
    Dependency(String),
    /// The engine has changed since the plan was made. Contains a change that the plan lacks or no longer needs.
    #[error("the engine has changed since the plan was made: {0}: make a new plan")]
    Stale(String),
    /// A network, volume, secret, config or service of this name exists, but does not belong to this project and environment.
    #[error("{0} already exists, and does not belong to this project and environment: rename or remove it")]
    Stranger(String),
}

impl From<crate::Error> for Failure {
    /// Converts the error of a call that a program makes beside its deployments, at [`Step::Check`].
    fn from(error: crate::Error) -> Self {
        Self::new(Step::Check, error.into())
    }
}

impl Cause {
    /// Fails if the changes that are needed now are not those of the plan.
    pub(super) fn if_stale<C: PartialEq + fmt::Display>(planned: &[C], now: &[C]) -> Result<(), Self> {
        if let Some(change) = now.iter().find(|change| !planned.contains(change)) {
            return Err(Self::Stale(format!("the plan lacks `{change}`")));
        }
        match planned.iter().find(|change| !now.contains(change)) {
            Some(change) => Err(Self::Stale(format!("`{change}` is no longer needed"))),
            None => Ok(()),
        }
    }
}

impl Failure {
    pub(super) fn new(step: Step, cause: Cause) -> Self {
        Self(Box::new(Inner {
            step,
            cause,
            evidence: Evidence::default(),
            left: Vec::new(),
            target: None,
            subject: None,
            rollback: None,
            others: Vec::new(),
        }))
    }

    /// Creates the failure of an invalid request. No request was sent.
    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::new(Step::Check, Cause::Refused(why.into()))
    }

    /// Adds the container's state and last log lines.
    pub(super) async fn with_evidence(self, container: &Container) -> Self {
        self.with_evidence_within(container, Duration::MAX).await
    }

    /// Adds the container's state and last log lines. Each request takes at most this long.
    pub(super) async fn with_evidence_within(mut self, container: &Container, limit: Duration) -> Self {
        self.0.evidence = Evidence::of(container, limit).await;
        self
    }

    /// Adds the last log lines of a task, whose container may be on another engine.
    pub(super) fn with_logs(mut self, logs: Vec<Line>) -> Self {
        self.0.evidence.logs = logs;
        self
    }

    /// Adds the last lines of a build's output.
    #[cfg(feature = "tar")]
    pub(super) fn with_output(mut self, output: &str) -> Self {
        self.0.evidence = Evidence::of_build(output);
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

    /// Sets the name of the image, network, volume or service that failed.
    pub(super) fn at(mut self, subject: &str) -> Self {
        self.0.subject = Some(subject.to_owned());
        self
    }

    pub(super) fn with_other(mut self, other: Self) -> Self {
        self.0.others.push(other);
        self
    }

    /// Returns the replica that failed. `None` for a failure that is not of one replica.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.0.target.as_ref()
    }

    /// Returns why the previous container could not be restored, if that failed too.
    #[must_use]
    pub fn rollback(&self) -> Option<&crate::Error> {
        self.0.rollback.as_ref()
    }

    /// Returns failures of other services at the same time.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.0.others
    }

    /// Returns the step that failed.
    #[must_use]
    pub fn step(&self) -> Step {
        self.0.step
    }

    /// Returns the cause of the failure.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// Returns the error of the request that failed. `None` if the cause is another one.
    #[must_use]
    pub fn error(&self) -> Option<&crate::Error> {
        match &self.0.cause {
            Cause::Call(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the last log lines of the container, on a swarm of the task that ended last, or of the output of a classic build: at
    /// most 20. Empty if it never ran.
    #[must_use]
    pub fn logs(&self) -> &[Line] {
        &self.0.evidence.logs
    }

    /// Returns the container's state when the step failed: exit code, OOM kill, error of the engine, health.
    ///
    /// `None` if there was no container, if it was a task of a swarm, or if its state could not be read.
    #[must_use]
    pub fn state(&self) -> Option<&ContainerState> {
        self.0.evidence.state.as_ref()
    }

    /// Returns the errors of what could not be removed. Empty if nothing is left behind.
    #[must_use]
    pub fn left(&self) -> &[crate::Error] {
        &self.0.left
    }
}

/// Turns the error of a call into the failure of a step.
pub(super) trait AtStep<T> {
    fn at_step(self, step: Step) -> Result<T, Failure>;
}

impl<T, E: Into<Cause>> AtStep<T> for Result<T, E> {
    fn at_step(self, step: Step) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(step, error.into()))
    }
}

/// Tells what a failure concerns.
pub(super) trait Concerning {
    /// Sets the replica that failed, unless it is known already.
    fn of(self, target: &Target) -> Self;
    /// Sets the name of the image, network, volume or service that failed.
    fn at(self, subject: &str) -> Self;
}

impl<T> Concerning for Result<T, Failure> {
    fn of(self, target: &Target) -> Self {
        self.map_err(|failure| failure.of(target))
    }

    fn at(self, subject: &str) -> Self {
        self.map_err(|failure| failure.at(subject))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check => "before anything was done",
            Self::Pull => "while getting the image",
            Self::Build => "while building the image",
            Self::Push => "while pushing the image",
            Self::Network => "while creating the network",
            Self::Volume => "while creating the volume",
            Self::Create => "while creating the container",
            Self::Service => "while creating or updating the service",
            Self::Converge => "while waiting for the service to converge",
            Self::Start => "while starting the container",
            Self::Ready => "while waiting for the container to be ready",
            Self::Wait => "while waiting for the container to exit",
            Self::Collect => "while collecting the results of the job",
            Self::Remove => "while removing",
            Self::Stop => "while stopping the container to be replaced",
            Self::Rename => "while putting the new container in place",
            Self::Lock => "before anything was done, while taking the lock",
            Self::Unlock => "after everything was done, while releasing the lock",
            Self::Observe => "before anything was done, while reading the current state",
            Self::Recover => "while restoring the previous state",
            Self::Task => "in a task",
            Self::Before => "before starting the service",
        })
    }
}

impl fmt::Display for Failure {
    /// Writes the step and the cause in a line. Then the container's state, its last failed health checks and log lines follow, and
    /// what is left behind.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { step, cause, evidence, left, target, subject, rollback, others } = &*self.0;
        f.write_str("the deployment")?;
        if let Some(target) = target {
            write!(f, " of {target}")?;
        }
        write!(f, " failed {step}")?;
        if let Some(subject) = subject {
            write!(f, " {subject}")?;
        }
        let cause = cause.to_string();
        write!(f, ": {cause}")?;
        evidence.write_after(f, &cause)?;
        for error in left {
            write!(f, "\nleft behind: {error}")?;
        }
        if let Some(error) = rollback {
            write!(f, "\nthe previous container could not be restored: {error}")?;
        }
        for other in others {
            write!(f, "\n{other}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { step, cause, evidence, left, target, subject, rollback, others } = &*self.0;
        f.debug_struct("Failure")
            .field("target", target)
            .field("subject", subject)
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
        self.error().map(|error| error as _)
    }
}
