//! [`Evidence`]: what is known about a failed container.

use crate::container::ContainerState;
use crate::stream::Line;
use std::fmt;

/// Number of failed health checks that are shown.
const LAST_CHECKS: usize = 3;

/// The state and logs of a failed container.
#[derive(Debug, Default)]
pub(in crate::deploy) struct Evidence {
    pub(in crate::deploy) logs: Vec<Line>,
    pub(in crate::deploy) state: Option<ContainerState>,
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
