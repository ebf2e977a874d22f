//! [`Evidence`]: what is known about a failed container.

use crate::Limits;
use crate::container::{Container, ContainerState};
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

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(state) = &self.state {
            write!(f, "\nthe container is {}, its exit code {}", state.status, state.exit_code)?;
            if state.oom_killed {
                f.write_str(", killed because it was out of memory")?;
            }
            if let Some(error) = &state.error {
                write!(f, ", with the error {error:?}")?;
            }
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
