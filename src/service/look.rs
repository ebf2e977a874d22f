//! [`Look`]: what one poll tells about the convergence of a service.

use super::{Convergence, ServiceInspect, ServiceMode, UpdateState};
use crate::node::{NodeInspect, NodeState};
use crate::task::{TaskInspect, TaskState};
use crate::{Error, ErrorKind};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The time for which a service must stay converged, if its update configuration sets none.
const MONITOR: Duration = Duration::from_secs(5);

/// The state of a service at one poll.
pub(super) struct Look {
    pub(super) service: ServiceInspect,
    /// All known tasks, of any version of the service.
    pub(super) tasks: Vec<TaskInspect>,
    /// The tasks of the current specification.
    pub(super) current: Vec<TaskInspect>,
    pub(super) nodes: Vec<NodeInspect>,
}

impl Look {
    fn is_job(&self) -> bool {
        self.service.spec.mode.as_ref().is_some_and(ServiceMode::is_job)
    }

    /// The time for which the service must stay converged. A job needs none.
    pub(super) fn monitor(&self) -> Duration {
        let config = self.service.spec.update_config.as_ref();
        if self.is_job() { Duration::ZERO } else { config.and_then(|config| config.monitor).unwrap_or(MONITOR) }
    }

    pub(super) fn progress(&self) -> Convergence {
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
        let is_global = self.service.spec.mode.as_ref().is_some_and(ServiceMode::is_global);
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
    pub(super) fn is_settled(&self) -> bool {
        let state = self.service.update_status.as_ref().map(|status| &status.state);
        self.is_job() || !matches!(state, Some(UpdateState::Updating | UpdateState::RollbackStarted))
    }

    /// The reason why the service will not converge.
    pub(super) fn failure(&self, allows_rollback: bool) -> Option<String> {
        let status = self.service.update_status.as_ref();
        let message = status.and_then(|status| status.message.clone()).unwrap_or_default();
        match status.map(|status| &status.state) {
            Some(UpdateState::Paused) => Some(format!("its update was paused: {message}")),
            Some(UpdateState::RollbackPaused) => Some(format!("its rollback was paused: {message}")),
            // A rollback on request succeeds: it keeps a previous specification, so that it can be undone.
            Some(UpdateState::RollbackCompleted) if self.service.previous_spec.is_none() && !allows_rollback => {
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

    pub(super) fn error(&self, kind: ErrorKind, why: &str) -> Error {
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
        let look = |other: Value, check: &dyn Fn(&Look)| {
            let tasks = json!([other, task(7, 1, "failed", "shutdown"), task(3, 1, "rejected", "shutdown")]);
            let tasks: Vec<TaskInspect> = serde_json::from_value(tasks).expect("tasks");
            check(&Look { service: service.clone(), current: tasks.clone(), tasks, nodes: Vec::new() });
        };
        look(task(7, 2, "running", "complete"), &|look| assert_eq!(look.failure(false), None));
        look(task(7, 1, "preparing", "complete"), &|look| assert_eq!(look.failure(false), None, "it is tried again"));
        look(task(7, 2, "complete", "complete"), &|look| {
            let why = look.failure(false).expect("it has failed");
            let error = look.error(ErrorKind::NotConverged, &why).to_string();
            assert!(error.contains("task failed-7 is failed"), "not that of an earlier iteration: {error}");
        });
    }
}
