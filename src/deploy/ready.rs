//! [`Ready`]: when a service counts as deployed.

use super::failure::Cause;
use crate::container::{Container, HealthStatus};
use std::time::Duration;

/// When a service counts as deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Ready(Condition);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Started,
    Healthy,
    LogLine(String),
}

/// The state is asked for so often at first, and then more seldom.
const FIRST_LOOK: Duration = Duration::from_millis(50);
const SELDOM: Duration = Duration::from_secs(1);

impl Ready {
    /// Once the engine has started it.
    pub const fn started() -> Self {
        Self(Condition::Started)
    }

    /// Once its health check succeeds; that it becomes unhealthy is a failure.
    pub const fn healthy() -> Self {
        Self(Condition::Healthy)
    }

    /// Once it writes a line with this text in it, to stdout or stderr.
    pub fn log_line(text: impl Into<String>) -> Self {
        Self(Condition::LogLine(text.into()))
    }

    /// Waits until it is so; that the container ends meanwhile, somebody else looks after.
    pub(super) async fn wait(&self, container: &Container) -> Result<(), Cause> {
        match &self.0 {
            Condition::Started => Ok(()),
            Condition::Healthy => healthy(container).await,
            Condition::LogLine(text) => line(container, text).await,
        }
    }
}

/// Looks at the state itself, not at changes of it: none can be missed.
async fn healthy(container: &Container) -> Result<(), Cause> {
    let mut pause = FIRST_LOOK;
    loop {
        let health = container.inspect().await?.state.health.ok_or(Cause::NoHealthCheck)?;
        match health.status {
            HealthStatus::Healthy => return Ok(()),
            HealthStatus::None => return Err(Cause::NoHealthCheck),
            // Engines say so too of one that ends, whose checks did not fail: that its end comes, somebody else sees.
            HealthStatus::Unhealthy if health.failing_streak > 0 => {
                let last = health.log.last().map(|check| check.output.trim().to_owned());
                return Err(Cause::Unhealthy(last.unwrap_or_default()));
            }
            _ => tokio::time::sleep(pause).await,
        }
        pause = (pause * 3 / 2).min(SELDOM);
    }
}

async fn line(container: &Container, text: &str) -> Result<(), Cause> {
    let mut lines = container.logs().follow(true).await?.lines();
    while let Some(line) = lines.next().await {
        if line?.text.contains(text) {
            return Ok(());
        }
    }
    Err(Cause::NoSuchLine)
}
