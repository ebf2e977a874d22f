//! [`Evidence`]: what is known about a failed container.

use crate::Limits;
use crate::container::{Container, ContainerState, ContainerStatus};
use crate::stream::Line;
#[cfg(feature = "tar")]
use crate::stream::Source;
use std::fmt;
use std::time::Duration;

/// Number of log lines that are kept.
const LAST_LINES: usize = 20;
/// Limit of each request that collects evidence.
const LIMIT: Duration = Duration::from_secs(10);
/// Number of failed health checks that are shown.
const LAST_CHECKS: usize = 3;

/// The state and logs of a failed container.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) logs: Vec<Line>,
    pub(super) state: Option<ContainerState>,
}

impl Evidence {
    pub(super) async fn of(container: &Container, limit: Duration) -> Self {
        let limits = Limits::new().whole(limit.min(LIMIT));
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
        Self { logs, state }
    }

    #[cfg(feature = "tar")]
    pub(super) fn of_build(output: &str) -> Self {
        let line = |text: &str| Line { source: Source::Stdout, text: text.to_owned(), time: None, is_whole: true };
        let mut logs: Vec<_> = output.lines().map(line).collect();
        logs.drain(..logs.len().saturating_sub(LAST_LINES));
        Self { logs, state: None }
    }
}

/// Writes the state in a line, without the error if the cause contains it. A container that never ran has nothing else to tell.
fn write_state(f: &mut fmt::Formatter<'_>, state: &ContainerState, cause: &str) -> fmt::Result {
    let error = state.error.as_ref().filter(|error| !cause.contains(error.trim()));
    if state.status == ContainerStatus::Created && error.is_none() {
        return Ok(());
    }
    write!(f, "\nthe container is {}", state.status)?;
    if matches!(state.status, ContainerStatus::Exited | ContainerStatus::Dead | ContainerStatus::Restarting) {
        write!(f, ", its exit code {}", state.exit_code)?;
    }
    if state.oom_killed {
        f.write_str(", killed because it was out of memory")?;
    }
    error.map_or(Ok(()), |error| write!(f, ", with the error: {error}"))
}

impl Evidence {
    /// Writes what the cause of the failure does not tell.
    pub(super) fn write_after(&self, f: &mut fmt::Formatter<'_>, cause: &str) -> fmt::Result {
        if let Some(state) = &self.state {
            write_state(f, state, cause)?;
        }
        let log = self.state.iter().filter_map(|state| state.health.as_ref()).flat_map(|health| &health.log);
        let mut failed: Vec<_> = log.filter(|check| check.exit_code != 0).collect();
        failed.drain(..failed.len().saturating_sub(LAST_CHECKS));
        if !failed.is_empty() {
            f.write_str("\nits last failed health checks:")?;
        }
        for check in failed {
            let output = check.output.trim().replace('\n', "\n    ");
            write!(f, "\n  exit code {}: {output}", check.exit_code)?;
        }
        if !self.logs.is_empty() {
            f.write_str("\nits last lines:")?;
        }
        self.logs.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

#[cfg(test)]
mod tests {
    use crate::deploy::Failure;
    use serde_json::json;

    #[test]
    fn only_what_the_cause_does_not_tell_is_told() {
        let words = "exec: \"/no\": no such file";
        for (state, cause, text) in [
            (json!({"Status": "running"}), "", "\nthe container is running"),
            (json!({"Status": "exited", "ExitCode": 7}), "", "\nthe container is exited, its exit code 7"),
            (json!({"Status": "created"}), "its name is taken", ""),
            (json!({"Status": "created", "ExitCode": 127, "Error": words}), &format!("500: {words}"), ""),
            (
                json!({"Status": "created", "Error": words}),
                "another",
                &format!("\nthe container is created, with the error: {words}"),
            ),
        ] {
            let mut failure = Failure::refused(cause);
            failure.0.evidence.state = Some(serde_json::from_value(state).expect("a state"));
            assert_eq!(failure.to_string(), format!("the deployment failed before anything was done: {cause}{text}"));
        }
    }
}
