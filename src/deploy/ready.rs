//! [`Ready`]: the condition under which a container counts as deployed.

mod changes;
mod gate;
mod outcomes;
mod probe;

pub(super) use changes::Changes;
pub(super) use gate::{Began, Exit, gate, just_exited, next_exit};

use super::duration;
use crate::GoDuration;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::time::Duration;

/// The condition under which a container counts as deployed.
///
/// If the container exits or runs out of memory before it is ready, the deployment fails at once. With [`exited`](Self::exited),
/// only the exit code counts.
///
/// ```
/// use longshore::deploy::Ready;
///
/// let ready: Ready = serde_json::from_str(r#"{"any": ["healthy", {"http": {"port": 80, "path": "/health"}}]}"#)?;
/// assert_eq!(ready, Ready::any([Ready::healthy(), Ready::http(80, "/health")]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use = "it does nothing until it is given to a run or a service"]
pub struct Ready(Condition);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Condition {
    #[default]
    Started,
    #[serde(with = "duration")]
    RunningFor(Duration),
    Healthy,
    LogLine(String),
    Tcp(u16),
    Http {
        port: u16,
        path: String,
    },
    Exec(Vec<String>),
    Exited,
    All(Vec<Ready>),
    Any(Vec<Ready>),
    /// A condition whose argument cannot be parsed. Contains why.
    #[serde(skip_deserializing)]
    Invalid(String),
}

impl Ready {
    /// Ready once the engine has started the container.
    pub const fn started() -> Self {
        Self(Condition::Started)
    }

    /// Ready once the container has been running for this long, such as `"10s"` or a [`Duration`].
    pub fn running_for(time: impl TryInto<GoDuration, Error: Display>) -> Self {
        Self(match time.try_into() {
            Ok(time) => Condition::RunningFor(time.duration()),
            Err(why) => Condition::Invalid(why.to_string()),
        })
    }

    /// Ready once the container's health check succeeds. Fails if the container becomes unhealthy or has no health check.
    pub const fn healthy() -> Self {
        Self(Condition::Healthy)
    }

    /// Ready once the container writes a line that contains this text, to stdout or stderr.
    pub fn log_line(text: impl Into<String>) -> Self {
        Self(Condition::LogLine(text.into()))
    }

    /// Ready once the container accepts TCP connections at this port.
    ///
    /// Tries the published port on the engine's host and the port at the container's own addresses. One of them must be reachable
    /// from the local machine. On the host's network, it tries the port on the engine's host.
    ///
    /// Engines publish ports through proxies, which accept connections before the container does. A connection that is closed at
    /// once does not count. A proxy that keeps it open hides that nothing listens: use [`http`](Self::http) or
    /// [`exec`](Self::exec) behind one.
    pub const fn tcp(port: u16) -> Self {
        Self(Condition::Tcp(port))
    }

    /// Ready once a `GET` of this path at this port returns a status code below 400. Connects as [`tcp`](Self::tcp) does.
    pub fn http(port: u16, path: impl Into<String>) -> Self {
        Self(Condition::Http { port, path: path.into() })
    }

    /// Ready once this command, run in the container, exits with code 0. Retries until then.
    pub fn exec<S: Into<String>>(cmd: impl IntoIterator<Item = S>) -> Self {
        Self(Condition::Exec(cmd.into_iter().map(Into::into).collect()))
    }

    /// Ready once the container has exited with code 0.
    ///
    /// Meant for services that run once, such as migrations. A [`Run`](super::Run) refuses it.
    pub const fn exited() -> Self {
        Self(Condition::Exited)
    }

    /// Ready once all of these conditions are met. Fails as soon as one of them fails.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::All(conditions.into_iter().collect()))
    }

    /// Ready once one of these conditions is met. Fails if one of them fails before that.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::Any(conditions.into_iter().collect()))
    }

    pub(super) fn is_started(&self) -> bool {
        self.0 == Condition::Started
    }

    /// Returns whether a swarm can wait for it: a swarm monitors each task for a while, and its health.
    pub(super) fn is_known_to_a_swarm(&self) -> bool {
        matches!(
            self.0,
            Condition::Started | Condition::RunningFor(_) | Condition::Healthy | Condition::Exited | Condition::Exec(_)
        )
    }

    /// Returns the command of [`exec`](Self::exec), which becomes the health check on a swarm.
    pub(super) fn as_command(&self) -> Option<Vec<String>> {
        match &self.0 {
            Condition::Exec(cmd) => Some(cmd.clone()),
            _ => None,
        }
    }

    /// Returns the time of [`running_for`](Self::running_for), for which a swarm monitors each task.
    pub(super) fn as_time(&self) -> Option<Duration> {
        match self.0 {
            Condition::RunningFor(time) => Some(time),
            _ => None,
        }
    }

    /// Returns what must still hold for a container that became ready earlier: without the line that it has logged, and the time
    /// that it has been running.
    pub(super) fn lasting(&self) -> Self {
        let each = |conditions: &[Self]| conditions.iter().map(Self::lasting).collect();
        Self(match &self.0 {
            Condition::RunningFor(_) | Condition::LogLine(_) => Condition::Started,
            Condition::All(conditions) => Condition::All(each(conditions)),
            Condition::Any(conditions) => Condition::Any(each(conditions)),
            other => other.clone(),
        })
    }

    pub(super) fn is_exited(&self) -> bool {
        self.0 == Condition::Exited
    }

    /// Returns whether it depends on the container's health check.
    pub(super) fn asks_for_health(&self) -> bool {
        match &self.0 {
            Condition::Healthy => true,
            Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().any(Self::asks_for_health),
            _ => false,
        }
    }

    /// Returns why the argument of a condition cannot be parsed.
    pub(super) fn invalid(&self) -> Option<&String> {
        match &self.0 {
            Condition::Invalid(why) => Some(why),
            Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().find_map(Self::invalid),
            _ => None,
        }
    }

    /// Checks for conditions that a container with this network mode can never meet.
    pub(super) fn check(&self, network_mode: &str) -> Result<(), String> {
        match &self.0 {
            Condition::Tcp(_) | Condition::Http { .. } if network_mode == "none" => {
                Err("ready: tcp and http need a network, but the network mode is none".to_owned())
            }
            Condition::Tcp(0) | Condition::Http { port: 0, .. } => Err("ready: no server listens on port 0".to_owned()),
            Condition::All(conditions) | Condition::Any(conditions) => {
                if conditions.is_empty() {
                    return Err("ready: all and any need at least one condition".to_owned());
                }
                if conditions.iter().any(Self::is_exited) {
                    return Err("ready: exited cannot be combined with other conditions".to_owned());
                }
                conditions.iter().try_for_each(|condition| condition.check(network_mode))
            }
            Condition::Invalid(why) => Err(format!("ready: {why}")),
            Condition::Exec(cmd) if cmd.is_empty() => Err("ready: exec needs a command".to_owned()),
            Condition::Http { path, .. } if !path.starts_with('/') => {
                Err(format!("ready: the path {path:?} must begin with /"))
            }
            Condition::Http { path, .. } => match path.parse::<hyper::Uri>() {
                Ok(_) => Ok(()),
                Err(why) => Err(format!("ready: invalid path {path:?}: {why}: escape it")),
            },
            _ => Ok(()),
        }
    }

    /// Checks for conditions that cannot be met before the deadline.
    pub(super) fn check_within(&self, deadline: Duration) -> Result<(), String> {
        match &self.0 {
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().try_for_each(|condition| condition.check_within(deadline))
            }
            Condition::RunningFor(time) if *time >= deadline => {
                Err(format!("ready: running for {time:?} does not fit into the deadline of {deadline:?}"))
            }
            _ => Ok(()),
        }
    }
}

impl Condition {
    /// Returns what is said about the condition before anything is known.
    fn unmet(&self) -> String {
        match self {
            Self::Started => "it has not started".to_owned(),
            Self::RunningFor(time) => format!("it has not been running for {time:?}"),
            Self::Healthy => "its health check has no result yet".to_owned(),
            Self::LogLine(text) => format!("no line of its output contains {text:?}"),
            Self::Tcp(port) => format!("no connection to port {port} was tried"),
            Self::Http { port, path } => format!("no GET {path} at port {port} was sent"),
            Self::Exec(cmd) => format!("the command {cmd:?} has not succeeded"),
            Self::Exited => "it has not exited".to_owned(),
            Self::Invalid(why) => why.clone(),
            Self::All(_) | Self::Any(_) => String::new(),
        }
    }
}
