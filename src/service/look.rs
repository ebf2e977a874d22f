//! [`Look`]: what one poll tells about the convergence of a service.

use super::{Convergence, ServiceInspect, ServiceMode, UpdateState};
use crate::node::{NodeInspect, NodeState};
use crate::task::{TaskInspect, TaskState};
use crate::{Error, ErrorKind};
use std::cmp::Reverse;
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
    /// The ID of the task whose failure the engine has named as the reason to pause or roll back.
    pub(super) blamed: Option<String>,
}

impl Look {
    fn is_global(&self) -> bool {
        self.service.spec.mode.as_ref().is_some_and(ServiceMode::is_global)
    }

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
        Convergence { update, running, wanted, tasks, is_global: self.is_global() }
    }

    /// The tasks of the current specification and, for a job, of the current iteration.
    fn current(&self) -> impl Iterator<Item = &TaskInspect> {
        let iteration = self.service.job_status.as_ref().map(|status| status.job_iteration);
        let is_of = move |task: &&TaskInspect| iteration.is_none_or(|it| task.job_iteration.unwrap_or_default() == it);
        self.current.iter().filter(is_of)
    }

    /// Picks for each slot, or node, the newest task that the orchestrator wants, or else the newest one. Leaves out those on nodes
    /// that are down.
    fn places(&self) -> Vec<TaskInspect> {
        let down: BTreeSet<_> =
            self.nodes.iter().filter(|node| node.status.state == NodeState::Down).map(|node| &node.id).collect();
        let is_global = self.is_global();
        let mut places: BTreeMap<(Option<u64>, Option<&String>), &TaskInspect> = BTreeMap::new();
        for task in self.current() {
            let place = (task.slot, task.node_id.as_ref().filter(|_| is_global));
            let order = |task: &TaskInspect| {
                (!is_wanted(task), Reverse(task.created_at), task.desired_state.rank(), task.status.state.rank())
            };
            match places.get(&place) {
                Some(known) if order(known) <= order(task) => {}
                _ => drop(places.insert(place, task)),
            }
        }
        let is_lost = |task: &TaskInspect| task.node_id.as_ref().is_some_and(|node| down.contains(node));
        places.into_values().filter(|task| !is_lost(task)).cloned().collect()
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
            _ => self.is_settled().then(|| self.failure_of_tasks()).flatten().map(str::to_owned),
        }
    }

    fn failure_of_tasks(&self) -> Option<&'static str> {
        let places = self.places();
        let is_unfinished = |task: &TaskInspect| is_wanted(task) && task.status.state != TaskState::Complete;
        let is_rejected = |task: &TaskInspect| is_wanted(task) && task.status.state == TaskState::Rejected;
        // The other tasks of a job may go on.
        let waits = self.is_job() && places.iter().any(is_unfinished);
        // A slot that a smaller scale has dropped keeps the tasks that ended in it.
        let wanted = places.iter().filter(|task| is_wanted(task)).count() as u64;
        if !waits && wanted < self.progress().wanted && places.iter().any(is_done_with) {
            return Some("tasks that have ended are no longer replaced");
        }
        (!places.is_empty() && places.iter().all(is_rejected))
            .then_some("nodes reject its tasks, though the swarm keeps trying")
    }

    pub(super) fn error(&self, kind: ErrorKind, why: &str) -> Error {
        let mut message = format!("the service {} did not converge: {why}", self.service.spec.name);
        if let Some(task) = self.to_blame() {
            let (state, error) = (&task.status.state, task.status.error.as_deref().unwrap_or(&task.status.message));
            message = format!("{message}; task {} is {state}: {error}", task.id);
        } else if self.is_global() && self.current.is_empty() {
            message.push_str("; no task exists yet: check that a node matches its constraints");
        }
        Error::new(kind, message)
    }

    /// Returns the ID of the task that the engine names as the reason to pause or roll back.
    pub(super) fn named(&self) -> Option<String> {
        let message = self.service.update_status.as_ref()?.message.as_ref()?;
        Some(message.rsplit_once("early termination of task ")?.1.trim().to_owned())
    }

    /// Returns the task whose failure is the reason why the service has not converged.
    fn to_blame(&self) -> Option<&TaskInspect> {
        let Some(status) = &self.service.update_status else { return last_to_end(self.current()) };
        let is_back = match status.state {
            UpdateState::RollbackStarted | UpdateState::RollbackCompleted | UpdateState::RollbackPaused => true,
            UpdateState::Paused => false,
            _ => return last_to_end(self.current()),
        };
        let named = self.tasks.iter().find(|task| self.blamed.as_ref() == Some(&task.id));
        // After a rollback, the current specification is not the one that has failed.
        let since = self.tasks.iter().filter(|task| task.created_at >= status.started_at);
        named.or_else(|| if is_back { last_to_end(since) } else { last_to_end(self.current()) })
    }
}

/// Returns the task that ended last, or else the last one with an error, such as that no node is suitable.
fn last_to_end<'a>(tasks: impl Iterator<Item = &'a TaskInspect>) -> Option<&'a TaskInspect> {
    let has_ended = |task: &TaskInspect| has_failed(task) || is_done_with(task);
    let tasks = tasks.filter(|task| has_ended(task) || task.status.error.is_some());
    tasks.max_by_key(|task| (has_failed(task), has_ended(task), task.status.timestamp))
}

/// Whether the orchestrator wants the task to run, or to have run to completion.
fn is_wanted(task: &TaskInspect) -> bool {
    task.desired_state.rank() <= TaskState::Complete.rank()
}

/// Whether the process has ended by itself.
fn has_ended(task: &TaskInspect) -> bool {
    has_failed(task) || task.status.state == TaskState::Complete
}

/// Whether the orchestrator has dealt with the end of the task's process: has created its successor, if there will be one.
fn is_done_with(task: &TaskInspect) -> bool {
    has_ended(task) && task.desired_state == TaskState::Shutdown
}

fn has_failed(task: &TaskInspect) -> bool {
    matches!(task.status.state, TaskState::Failed | TaskState::Rejected)
}

#[cfg(test)]
mod tests {
    use super::{Look, NodeInspect, ServiceInspect, TaskInspect};
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
            check(&Look { service: service.clone(), current: tasks.clone(), tasks, nodes: Vec::new(), blamed: None });
        };
        look(task(7, 2, "running", "complete"), &|look| assert_eq!(look.failure(false), None));
        look(task(7, 1, "preparing", "complete"), &|look| assert_eq!(look.failure(false), None, "it is tried again"));
        look(task(7, 2, "complete", "complete"), &|look| {
            let why = look.failure(false).expect("it has failed");
            let error = look.error(ErrorKind::NotConverged, &why).to_string();
            assert!(error.contains("task failed-7 is failed"), "not that of an earlier iteration: {error}");
        });
    }

    /// A successor is created together with the end of its predecessor. It may end itself while it waits for its start.
    #[test]
    fn a_slot_is_given_up_when_no_task_is_wanted_in_it() {
        let service = json!({"Spec": {"Name": "web", "Mode": {"Replicated": {"Replicas": 2}}}});
        let service: ServiceInspect = serde_json::from_value(service).expect("a service");
        let error = |tasks: &[Value]| {
            let tasks: Vec<TaskInspect> = serde_json::from_value(json!(tasks)).expect("tasks");
            let look =
                Look { service: service.clone(), current: tasks.clone(), tasks, nodes: Vec::new(), blamed: None };
            look.failure(false).map(|why| look.error(ErrorKind::NotConverged, &why).to_string()).unwrap_or_default()
        };
        let task = |slot: u64, state: &str, desired: &str| task(0, slot, state, desired);
        let runs = task(2, "running", "running");
        for (ended, blamed) in [
            (task(1, "failed", "shutdown"), "no longer replaced; task failed-0 is failed"),
            (task(1, "complete", "shutdown"), "no longer replaced; task complete-0 is complete"),
        ] {
            let error = error(&[ended, runs.clone()]);
            assert!(error.contains(blamed), "{error}");
        }
        let ended = task(1, "failed", "shutdown");
        for going_on in [task(1, "failed", "running"), task(1, "rejected", "ready"), task(1, "ready", "ready")] {
            assert_eq!(error(&[ended.clone(), going_on.clone(), runs.clone()]), "", "{going_on}");
        }
        assert_eq!(error(&[task(1, "failed", "remove"), runs.clone()]), "", "its slot is no longer wanted");
        let scaled_down = [task(1, "running", "running"), runs, task(3, "failed", "shutdown")];
        assert_eq!(error(&scaled_down), "", "its slot was dropped after it had been replaced");
        let error =
            error(&[task(1, "rejected", "shutdown"), task(1, "rejected", "ready"), task(2, "rejected", "ready")]);
        assert!(error.contains("nodes reject its tasks, though the swarm keeps trying"), "{error}");
    }

    #[test]
    fn the_newest_task_stands_for_its_slot() {
        let at = |minute: u64, node: &str, state: &str, desired: &str| {
            let created = format!("2026-11-29T08:0{minute}:00Z");
            let status = json!({"State": state});
            json!({"ID": state, "Slot": 1, "NodeID": node, "CreatedAt": created, "Status": status, "DesiredState": desired})
        };
        let service: ServiceInspect = serde_json::from_value(json!({"Spec": {"Name": "web"}})).expect("a service");
        let nodes = json!([{"ID": "down", "Status": {"State": "down"}}]);
        let nodes: Vec<NodeInspect> = serde_json::from_value(nodes).expect("nodes");
        for (tasks, newest) in [
            ([at(1, "a", "complete", "shutdown"), at(2, "a", "shutdown", "shutdown")], Some("shutdown")),
            ([at(2, "a", "failed", "shutdown"), at(1, "a", "running", "running")], Some("running")),
            ([at(1, "down", "running", "shutdown"), at(2, "a", "starting", "running")], Some("starting")),
            ([at(1, "a", "failed", "shutdown"), at(2, "down", "running", "running")], None),
        ] {
            let tasks: Vec<TaskInspect> = serde_json::from_value(json!(tasks)).expect("tasks");
            let look =
                Look { service: service.clone(), current: tasks.clone(), tasks, nodes: nodes.clone(), blamed: None };
            assert_eq!(look.places().first().map(|task| task.id.as_str()), newest);
            assert_eq!(look.failure(false), None);
        }
    }

    #[test]
    fn the_error_is_not_that_of_an_earlier_version() {
        let at = |id: &str, minute: u64, state: &str| {
            let (created, ended) =
                (format!("2026-11-29T08:0{minute}:00Z"), format!("2026-11-29T08:0{}:00Z", 9 - minute));
            let status = json!({"State": state, "Timestamp": ended});
            json!({"ID": id, "Slot": 1, "CreatedAt": created, "Status": status, "DesiredState": "shutdown"})
        };
        // The one that the update was rolled back for has ended before one of its version, and before an earlier one.
        let tasks = json!([at("earlier", 1, "failed"), at("second", 4, "failed"), at("first", 5, "failed")]);
        let tasks: Vec<TaskInspect> = serde_json::from_value(tasks).expect("tasks");
        let blamed = |state: &str, message: &str, blamed: Option<&str>, current: &[TaskInspect]| {
            let update = json!({"State": state, "StartedAt": "2026-11-29T08:03:00Z", "Message": message});
            let service = json!({"Spec": {"Name": "web"}, "UpdateStatus": update});
            let service: ServiceInspect = serde_json::from_value(service).expect("a service");
            let (current, tasks) = (current.to_vec(), tasks.clone());
            let mut look = Look { service, current, tasks, nodes: Vec::new(), blamed: blamed.map(str::to_owned) };
            look.blamed = look.named().or(look.blamed);
            look.error(ErrorKind::NotConverged, "it is so").to_string()
        };
        let named = "update rolled back due to failure or early termination of task first";
        assert!(blamed("rollback_started", named, None, &[]).contains("task first is failed"));
        assert!(blamed("rollback_completed", "rollback completed", Some("first"), &[]).contains("task first is"));
        assert!(blamed("rollback_completed", "rollback completed", None, &[]).contains("task second is failed"));
        assert!(blamed("paused", &named.replace("rolled back", "paused"), None, &tasks).contains("task first is"));
        assert!(blamed("updating", "update in progress", None, &tasks[1..]).contains("task second is failed"));
        for state in ["updating", "completed"] {
            let error = blamed(state, "update in progress", Some("earlier"), &[]);
            assert!(error.ends_with("it is so"), "all tasks are of an earlier version: {error}");
        }
    }
}
