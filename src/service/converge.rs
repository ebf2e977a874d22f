//! Waiting until a service has converged, as `docker service create` and `docker service update` do. Adds a deadline
//! and the reason for a failure.

use super::{Service, ServiceInspect, UpdateState};
use crate::node::{NodeInspect, NodeState};
use crate::request::{Method, Request, call, json, list};
use crate::task::{TaskInspect, TaskState};
use crate::{Error, ErrorKind, GoDuration, Limits, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The interval between polls.
const PAUSE: Duration = Duration::from_millis(200);
/// The time for which a service must stay converged, if its update configuration sets none.
const MONITOR: Duration = Duration::from_secs(5);
/// The time for which a failure must persist: right after an update, engines may still report the state of the previous
/// one.
const STALE: Duration = Duration::from_secs(1);
/// The default deadline.
const DEADLINE: Duration = Duration::from_secs(5 * 60);

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
    /// [`ErrorKind::NotConverged`] if the update was paused or rolled back, or if failed tasks are no longer replaced.
    /// The error includes the reason for the last failure. [`Error::is_timeout`] if the service has not converged
    /// within the [deadline](Converge::deadline). [`Error::is_not_found`] if the service does not exist, or was removed
    /// meanwhile. [`Error::is_no_swarm_manager`] if the engine is not a swarm manager.
    pub fn converge(&self) -> Converge {
        Converge(ConvergeRequest {
            inspect: self.request(Method::GET, "/services/{id}"),
            tasks: self.client.request(Method::GET, "/tasks", &[]).filter("service", &self.id),
            nodes: self.client.request(Method::GET, "/nodes", &[]),
            deadline: DEADLINE,
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
    observer: Option<Observer>,
}

impl Converge {
    /// Sets the maximum time to wait, such as `"90s"` or a [`Duration`]. Defaults to 5 minutes.
    pub fn deadline(mut self, deadline: impl TryInto<GoDuration, Error: Display>) -> Self {
        match deadline.try_into() {
            Ok(deadline) => self.0.deadline = deadline.duration(),
            Err(why) => self.0.inspect = self.0.inspect.refuse(why.to_string()),
        }
        self
    }

    /// Calls `observer` with the progress each time it changes. The function must not block.
    pub fn observe(self, observer: impl FnMut(&Convergence) + Send + 'static) -> Self {
        Self(ConvergeRequest { observer: Some(Arc::new(Mutex::new(observer))), ..self.0 })
    }
}

impl ConvergeRequest {
    fn limits(self, limits: Limits) -> Self {
        let Self { inspect, tasks, nodes, deadline, observer } = self;
        let (inspect, tasks, nodes) = (inspect.limits(limits), tasks.limits(limits), nodes.limits(limits));
        Self { inspect, tasks, nodes, deadline, observer }
    }

    /// Counts the call's own `whole` limit from its start.
    fn since(self, begun: Instant) -> Self {
        let Self { inspect, tasks, nodes, deadline, observer } = self;
        let since = |request: Request| request.polling_since(begun);
        Self { inspect: since(inspect), tasks: since(tasks), nodes: since(nodes), deadline, observer }
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
    /// The tasks of the current specification: for each slot (or node, for a global service) the one that is furthest
    /// behind.
    pub tasks: Vec<TaskInspect>,
}

impl fmt::Display for Convergence {
    /// Formats as `2 of 3 (updating): 1 running, 2 running, 3 preparing`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.running, self.wanted)?;
        if let Some(update) = &self.update {
            write!(f, " ({update})")?;
        }
        for (index, task) in self.tasks.iter().enumerate() {
            let place = task.slot.map_or_else(|| task.node_id.clone().unwrap_or_default(), |slot| slot.to_string());
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
    let mut stable_since: Option<Instant> = None;
    let (mut failing_since, mut told): (Option<Instant>, _) = (None, None);
    loop {
        let service: ServiceInspect = json(converge.inspect.clone()).await?;
        let tasks: Vec<TaskInspect> = list(converge.tasks.clone()).await?;
        let current: Vec<TaskInspect> = list(converge.tasks.clone().filter("_up-to-date", true)).await?;
        let nodes: Vec<NodeInspect> = list(converge.nodes.clone()).await?;
        let look = Look { service: &service, tasks: &tasks, current: &current, nodes: &nodes };
        let progress = look.progress();
        if told.as_ref() != Some(&progress) {
            if let Some(observer) = &converge.observer {
                observer.lock().unwrap_or_else(PoisonError::into_inner)(&progress);
            }
            told = Some(progress.clone());
        }
        let failure = look.failure();
        failing_since = failure.is_some().then(|| failing_since.unwrap_or_else(Instant::now));
        if let Some(why) = failure.as_ref().filter(|_| failing_since.is_some_and(|since| since.elapsed() >= STALE)) {
            return Err(look.error(ErrorKind::NotConverged, why));
        }
        let is_so = failure.is_none() && progress.running >= progress.wanted && look.is_settled();
        stable_since = is_so.then(|| stable_since.unwrap_or_else(Instant::now));
        if stable_since.is_some_and(|since| since.elapsed() >= look.monitor()) {
            return Ok(());
        }
        if begun.elapsed() >= converge.deadline {
            let why = format!("the deadline of {:?} has passed: {progress}", converge.deadline);
            return Err(look.error(ErrorKind::Timeout, &why));
        }
        sleep(PAUSE).await;
    }
}

/// The state of a service at one poll.
struct Look<'a> {
    service: &'a ServiceInspect,
    /// All known tasks, of any version of the service.
    tasks: &'a [TaskInspect],
    /// The tasks of the current specification.
    current: &'a [TaskInspect],
    nodes: &'a [NodeInspect],
}

impl Look<'_> {
    fn is_job(&self) -> bool {
        self.service.spec.mode.as_ref().is_some_and(super::ServiceMode::is_job)
    }

    /// The time for which the service must stay converged. A job needs none.
    fn monitor(&self) -> Duration {
        let config = self.service.spec.update_config.as_ref();
        if self.is_job() { Duration::ZERO } else { config.and_then(|config| config.monitor).unwrap_or(MONITOR) }
    }

    fn progress(&self) -> Convergence {
        let update = self.service.update_status.as_ref().map(|status| status.state.clone());
        let mode = self.service.spec.mode.clone().unwrap_or_default();
        let tasks = self.places();
        let count = |is: fn(&TaskInspect) -> bool| tasks.iter().filter(|task| is(task)).count() as u64;
        let runs = |task: &TaskInspect| {
            task.status.state == TaskState::Running && task.desired_state.rank() <= TaskState::Running.rank()
        };
        let is_done = |task: &TaskInspect| task.status.state == TaskState::Complete;
        let running = count(if self.is_job() { is_done } else { runs });
        let wanted = match (&mode.replicated, &mode.replicated_job) {
            (Some(replicated), _) => replicated.replicas.unwrap_or(1),
            (_, Some(job)) => job.total_completions.or(job.max_concurrent).unwrap_or(1),
            // The orchestrator has created one task for each eligible node, and has shut down those of drained nodes.
            _ if mode.is_global() => count(|task| is_wanted(task) || has_ended(task)).max(1),
            _ => 1,
        };
        Convergence { update, running, wanted, tasks }
    }

    /// The tasks of the current specification and, for a job, of the current iteration.
    fn current(&self) -> impl Iterator<Item = &TaskInspect> {
        let iteration = self.service.job_status.as_ref().map(|status| status.job_iteration);
        let is_of = move |task: &&TaskInspect| iteration.is_none_or(|it| task.job_iteration.unwrap_or_default() == it);
        self.current.iter().filter(is_of)
    }

    /// Picks for each slot, or node, the task that is furthest behind.
    fn places(&self) -> Vec<TaskInspect> {
        let down: BTreeSet<_> =
            self.nodes.iter().filter(|node| node.status.state == NodeState::Down).map(|node| &node.id).collect();
        let is_global = self.service.spec.mode.as_ref().is_some_and(super::ServiceMode::is_global);
        let mut places: BTreeMap<(Option<u64>, Option<&String>), &TaskInspect> = BTreeMap::new();
        for task in self.current() {
            if task.node_id.as_ref().is_some_and(|node| down.contains(node)) {
                continue;
            }
            let place = (task.slot, task.node_id.as_ref().filter(|_| is_global));
            let order = |task: &TaskInspect| (task.desired_state.rank(), task.status.state.rank());
            match places.get(&place) {
                Some(known) if order(known) <= order(task) => {}
                _ => drop(places.insert(place, task)),
            }
        }
        places.into_values().cloned().collect()
    }

    /// Whether no update is in progress. Nobody updates the tasks of a job, so its state says nothing.
    fn is_settled(&self) -> bool {
        let state = self.service.update_status.as_ref().map(|status| &status.state);
        self.is_job() || !matches!(state, Some(UpdateState::Updating | UpdateState::RollbackStarted))
    }

    /// The reason why the service will not converge.
    fn failure(&self) -> Option<String> {
        let status = self.service.update_status.as_ref();
        let message = status.and_then(|status| status.message.clone()).unwrap_or_default();
        match status.map(|status| &status.state) {
            Some(UpdateState::Paused) => Some(format!("its update was paused: {message}")),
            Some(UpdateState::RollbackPaused) => Some(format!("its rollback was paused: {message}")),
            // A rollback on request succeeds: it keeps a previous specification, so that it can be undone.
            Some(UpdateState::RollbackCompleted) if self.service.previous_spec.is_none() => {
                Some(format!("it was rolled back: {message}"))
            }
            _ if self.has_given_up() => Some("its failed tasks are no longer replaced".to_owned()),
            _ => None,
        }
    }

    /// Whether tasks have failed and the orchestrator starts no more: all tasks, or one of a job.
    fn has_given_up(&self) -> bool {
        let places = self.places();
        let waits = self.current().any(|task| is_wanted(task) && !task.status.state.is_over());
        let mut failed = places.iter().map(has_failed);
        let is_over = if self.is_job() { failed.any(|is| is) } else { failed.all(|is| is) };
        !places.is_empty() && !waits && self.is_settled() && is_over
    }

    fn error(&self, kind: ErrorKind, why: &str) -> Error {
        let mut message = format!("the service {} did not converge: {why}", self.service.spec.name);
        // After a rollback, the current specification is not the one that has failed.
        let state = self.service.update_status.as_ref().map(|status| &status.state);
        let current = if state == Some(&UpdateState::RollbackCompleted) { None } else { to_blame(self.current()) };
        if let Some(task) = current.or_else(|| to_blame(self.tasks.iter())) {
            let (state, error) = (&task.status.state, task.status.error.as_deref().unwrap_or(&task.status.message));
            message = format!("{message}; task {} is {state}: {error}", task.id);
        }
        Error::new(kind, message)
    }
}

/// Returns the task that failed last, or else the last one with an error, such as that no node is suitable.
fn to_blame<'a>(tasks: impl Iterator<Item = &'a TaskInspect>) -> Option<&'a TaskInspect> {
    let tasks = tasks.filter(|task| has_failed(task) || task.status.error.is_some());
    tasks.max_by_key(|task| (has_failed(task), task.status.timestamp))
}

/// Whether the orchestrator wants the task to run, or to have run to completion.
fn is_wanted(task: &TaskInspect) -> bool {
    task.desired_state.rank() <= TaskState::Complete.rank()
}

/// Whether the process has ended by itself.
fn has_ended(task: &TaskInspect) -> bool {
    has_failed(task) || task.status.state == TaskState::Complete
}

fn has_failed(task: &TaskInspect) -> bool {
    matches!(task.status.state, TaskState::Failed | TaskState::Rejected)
}

#[cfg(test)]
mod tests {
    use super::{Look, ServiceInspect, TaskInspect};
    use crate::ErrorKind;
    use serde_json::{Value, json};

    fn task(iteration: u64, slot: u64, state: &str, desired: &str) -> Value {
        let status = json!({"State": state, "Timestamp": format!("2026-11-29T08:00:0{}Z", 9 - iteration)});
        let id = format!("{state}-{iteration}");
        json!({"ID": id, "Slot": slot, "JobIteration": {"Index": iteration}, "Status": status, "DesiredState": desired})
    }

    #[test]
    fn a_job_has_failed_when_a_task_has_and_none_is_left_to_run() {
        let mode = json!({"ReplicatedJob": {"TotalCompletions": 2, "MaxConcurrent": 2}});
        let service = json!({"Spec": {"Name": "job", "Mode": mode}, "JobStatus": {"JobIteration": {"Index": 7}}});
        let service: ServiceInspect = serde_json::from_value(service).expect("a service");
        let look = |other: Value, check: &dyn Fn(&Look<'_>)| {
            let tasks = json!([other, task(7, 1, "failed", "shutdown"), task(3, 1, "rejected", "shutdown")]);
            let tasks: Vec<TaskInspect> = serde_json::from_value(tasks).expect("tasks");
            check(&Look { service: &service, tasks: &tasks, current: &tasks, nodes: &[] });
        };
        look(task(7, 2, "running", "complete"), &|look| assert_eq!(look.failure(), None));
        look(task(7, 1, "preparing", "complete"), &|look| assert_eq!(look.failure(), None, "it is tried again"));
        look(task(7, 2, "complete", "complete"), &|look| {
            let why = look.failure().expect("it has failed");
            let error = look.error(ErrorKind::NotConverged, &why).to_string();
            assert!(error.contains("task failed-7 is failed"), "not that of an earlier iteration: {error}");
        });
    }
}
