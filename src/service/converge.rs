//! Waiting until a service has converged, as `docker service create` and `docker service update` do. Adds a deadline
//! and the reason for a failure.

use super::look::Look;
use super::{Service, UpdateState};
use crate::request::{Method, Request, call, json, list};
use crate::task::{TaskInspect, TaskState};
use crate::{Error, ErrorKind, GoDuration, Limits, Result};
use std::fmt::{self, Display};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// The interval between polls.
const PAUSE: Duration = Duration::from_millis(200);
/// The time for which a failure must persist: right after an update, engines may still report the state of the previous
/// one.
const STALE: Duration = Duration::from_secs(1);
/// The default deadline.
const DEADLINE: Duration = Duration::from_secs(5 * 60);
/// The minimum time for the first poll, also if the deadline is shorter.
const FIRST: Duration = Duration::from_secs(1);

impl Service {
    /// Waits until the service has converged: the desired number of tasks run its current specification. They must keep
    /// running for the [monitor](super::UpdateConfig::monitor) period of its update configuration. A job has converged
    /// when it is complete.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::service::ServiceSpec;
    ///
    /// let web = docker.services().create(ServiceSpec::new("web", "nginx:1.27").replicas(3)).await?;
    /// web.converge().observe(|progress| println!("{progress}")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] if the update was paused or rolled back (see
    /// [`allow_rollback`](Converge::allow_rollback)), or if the restart policy leaves a task that has ended without a successor.
    /// Also if nodes reject all its tasks, such as for an image that cannot be pulled. The swarm keeps trying then.
    /// The error includes the reason for the last failure. [`Error::is_timeout`] if the service has not converged
    /// within the [deadline](Converge::deadline). [`Error::is_not_found`] if the service does not exist, or was removed
    /// meanwhile. [`Error::is_no_swarm_manager`] if the engine is not a swarm manager.
    pub fn converge(&self) -> Converge {
        Converge(ConvergeRequest {
            inspect: self.request(Method::GET, "/services/{id}"),
            tasks: self.client.request(Method::GET, "/tasks", &[]).filter("service", &self.id),
            nodes: self.client.request(Method::GET, "/nodes", &[]),
            deadline: DEADLINE,
            extension: Duration::ZERO,
            allows_rollback: false,
            observer: None,
        })
    }
}

/// A call of [`Service::converge`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Converge(ConvergeRequest);

type Observer = Arc<Mutex<dyn FnMut(&Convergence) + Send>>;

#[derive(Clone)]
struct ConvergeRequest {
    inspect: Request,
    tasks: Request,
    nodes: Request,
    deadline: Duration,
    /// The most time by which the deadline is extended.
    extension: Duration,
    allows_rollback: bool,
    observer: Option<Observer>,
}

impl Converge {
    /// Sets the maximum time to wait, such as `"90s"` or a [`Duration`]. The service is looked at once in any case, which may
    /// take a second. Defaults to 5 minutes.
    pub fn deadline(mut self, deadline: impl TryInto<GoDuration, Error: Display>) -> Self {
        match deadline.try_into() {
            Ok(deadline) => self.0.deadline = deadline.duration(),
            Err(why) => self.0.inspect = self.0.inspect.refuse(why.to_string()),
        }
        self
    }

    /// Extends the deadline by the time in which nodes prepare tasks, such as pull the image, and in which an update is in progress,
    /// which may still be rolled back. Extends it by at most this time. Defaults to 0: the deadline includes them.
    pub fn extend_by(mut self, longest: impl TryInto<GoDuration, Error: Display>) -> Self {
        match longest.try_into() {
            Ok(longest) => self.0.extension = longest.duration(),
            Err(why) => self.0.inspect = self.0.inspect.refuse(why.to_string()),
        }
        self
    }

    /// Accepts that the swarm has rolled the service back after a failed update: waits until its earlier specification runs.
    /// Defaults to `false`: a rolled back service is an error.
    pub fn allow_rollback(mut self, allow: bool) -> Self {
        self.0.allows_rollback = allow;
        self
    }

    /// Calls `observer` with the progress each time it changes. The function must not block.
    pub fn observe(self, observer: impl FnMut(&Convergence) + Send + 'static) -> Self {
        Self(ConvergeRequest { observer: Some(Arc::new(Mutex::new(observer))), ..self.0 })
    }
}

impl ConvergeRequest {
    fn limits(self, limits: Limits) -> Self {
        let (inspect, tasks, nodes) =
            (self.inspect.limits(limits), self.tasks.limits(limits), self.nodes.limits(limits));
        Self { inspect, tasks, nodes, ..self }
    }

    /// Counts the call's own `whole` limit from its start.
    fn since(self, begun: Instant) -> Self {
        let since = |request: Request| request.polling_since(begun);
        Self { inspect: since(self.inspect), tasks: since(self.tasks), nodes: since(self.nodes), ..self }
    }

    async fn look(&self) -> Result<Look> {
        Ok(Look {
            service: json(self.inspect.clone()).await?,
            tasks: list(self.tasks.clone()).await?,
            current: list(self.tasks.clone().filter("_up-to-date", true)).await?,
            nodes: list(self.nodes.clone()).await?,
            blamed: None,
        })
    }

    fn tell(&self, progress: &Convergence) {
        if let Some(observer) = &self.observer {
            observer.lock().unwrap_or_else(PoisonError::into_inner)(progress);
        }
    }

    /// Returns the error after the deadline, with the progress if the engine has reported any.
    fn late(&self, last: Option<&(Look, Convergence)>, extended: Duration) -> Error {
        let Some((look, progress)) = last else {
            let why = format!("the engine did not report the service's state within {:?}", self.deadline.max(FIRST));
            return Error::new(ErrorKind::Timeout, why).in_call(|| self.inspect.label().to_string());
        };
        let extended = match extended.as_secs() {
            0 => String::new(),
            seconds => format!(", extended by {seconds}s,"),
        };
        let why = format!("the deadline of {:?}{extended} has passed: {progress}", self.deadline);
        look.error(ErrorKind::Timeout, &why)
    }
}

impl fmt::Debug for ConvergeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConvergeRequest")
            .field("inspect", &self.inspect)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

call!(Converge => (), converged);

/// The progress of a service towards convergence.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Convergence {
    /// The state of its update; `None` if there is none.
    pub update: Option<UpdateState>,
    /// The number of running tasks or, for a job, of completed ones.
    pub running: u64,
    /// The desired number of tasks.
    pub wanted: u64,
    /// The tasks of the current specification: for each slot (or node, for a global service) the newest one that the swarm
    /// wants, or else the newest one.
    pub tasks: Vec<TaskInspect>,
    /// Whether each node has a task, in place of slots.
    pub(super) is_global: bool,
}

impl Convergence {
    /// Whether a node prepares a task, such as pulls its image.
    fn is_preparing(&self) -> bool {
        let is_preparing =
            |state: &TaskState| matches!(state, TaskState::Assigned | TaskState::Accepted | TaskState::Preparing);
        self.tasks.iter().any(|task| is_preparing(&task.status.state))
    }
}

impl fmt::Display for Convergence {
    /// Formats as `2 of 3 (updating): 1 running, 2 running, 3 preparing`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.running, self.wanted)?;
        if let Some(update) = &self.update {
            write!(f, " ({update})")?;
        }
        for (index, task) in self.tasks.iter().enumerate() {
            let place = match &task.node_id {
                Some(node) if self.is_global => node.clone(),
                _ => task.slot.unwrap_or_default().to_string(), // that of the first task of a job is 0
            };
            write!(f, "{} {place} {}", if index == 0 { ":" } else { "," }, task.status.state)?;
            if let Some(error) = &task.status.error {
                write!(f, " ({error})")?;
            }
        }
        Ok(())
    }
}

async fn converged(converge: ConvergeRequest) -> Result<()> {
    let begun = Instant::now();
    let converge = converge.since(begun);
    let mut last: Option<(Look, Convergence)> = None;
    let (mut extended, mut looked) = (Duration::ZERO, begun);
    let (mut stable_since, mut failing_since): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        // An engine that does not respond must not delay the end.
        let left = converge.deadline.saturating_add(extended).max(FIRST).saturating_sub(begun.elapsed());
        let Ok(look) = timeout(left, converge.look()).await else {
            return Err(converge.late(last.as_ref(), extended));
        };
        let mut look = look?;
        // The message of a completed rollback no longer names it.
        look.blamed = look.named().or_else(|| last.as_ref().and_then(|(earlier, _)| earlier.blamed.clone()));
        let progress = look.progress();
        if !look.is_settled() || progress.is_preparing() {
            extended = extended.saturating_add(looked.elapsed()).min(converge.extension);
        }
        looked = Instant::now();
        if last.as_ref().is_none_or(|(_, told)| *told != progress) {
            converge.tell(&progress);
        }
        let failure = look.failure(converge.allows_rollback);
        failing_since = failure.is_some().then(|| failing_since.unwrap_or_else(Instant::now));
        if let Some(why) = failure.as_ref().filter(|_| failing_since.is_some_and(|since| since.elapsed() >= STALE)) {
            return Err(look.error(ErrorKind::NotConverged, why));
        }
        let is_so = failure.is_none() && progress.running >= progress.wanted && look.is_settled();
        stable_since = is_so.then(|| stable_since.unwrap_or_else(Instant::now));
        if stable_since.is_some_and(|since| since.elapsed() >= look.monitor()) {
            return Ok(());
        }
        last = Some((look, progress));
        if begun.elapsed() >= converge.deadline.saturating_add(extended) {
            return Err(converge.late(last.as_ref(), extended));
        }
        sleep(PAUSE).await;
    }
}
