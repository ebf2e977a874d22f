//! [`Signal`]: a signal for a container's main process.

use crate::Version;
use crate::request::Request;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A signal for a container's main process: a name such as `SIGTERM`, or a number.
///
/// ```
/// use longshore::container::Signal;
///
/// assert_eq!(Signal::from("term"), Signal::TERM);
/// assert_eq!(Signal::from(9).as_str(), "9");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Signal(Cow<'static, str>);

impl Signal {
    /// SIGHUP: makes many servers reload their configuration.
    pub const HUP: Self = Self(Cow::Borrowed("SIGHUP"));
    /// SIGINT: the signal of Ctrl-C.
    pub const INT: Self = Self(Cow::Borrowed("SIGINT"));
    /// SIGKILL: ends the process at once. It cannot be caught.
    pub const KILL: Self = Self(Cow::Borrowed("SIGKILL"));
    /// SIGQUIT: ends the process. Some servers finish open requests first.
    pub const QUIT: Self = Self(Cow::Borrowed("SIGQUIT"));
    /// SIGTERM: asks the process to end.
    pub const TERM: Self = Self(Cow::Borrowed("SIGTERM"));
    /// SIGUSR1: its meaning is up to the process.
    pub const USR1: Self = Self(Cow::Borrowed("SIGUSR1"));
    /// SIGUSR2: its meaning is up to the process.
    pub const USR2: Self = Self(Cow::Borrowed("SIGUSR2"));

    /// Returns the name or the number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds the signal to a request. `since` is the API version that first has the parameter.
    pub(super) fn set(&self, request: Request, since: Option<Version>) -> Request {
        if !self.0.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return request.refuse(format!("invalid signal {:?}: use a name such as SIGTERM, or a number", self.0));
        }
        match since {
            Some(since) => request.query_since(since, "signal", self),
            None => request.query("signal", self),
        }
    }
}

impl From<&str> for Signal {
    /// Normalizes names: `term` and `TERM` become `SIGTERM`. Numbers stay as they are.
    fn from(signal: &str) -> Self {
        let mut name = signal.trim().to_ascii_uppercase();
        if name.starts_with(|first: char| first.is_ascii_alphabetic()) && !name.starts_with("SIG") {
            name.insert_str(0, "SIG");
        }
        Self(name.into())
    }
}

impl From<String> for Signal {
    fn from(signal: String) -> Self {
        Self::from(signal.as_str())
    }
}

impl From<i32> for Signal {
    fn from(number: i32) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Signal;

    #[test]
    fn names_are_brought_into_one_form() {
        for (given, name) in [
            ("hup", "SIGHUP"),
            ("SIGUSR1", "SIGUSR1"),
            ("sigKill", "SIGKILL"),
            ("rtmin+3", "SIGRTMIN+3"),
            ("15", "15"),
            ("", ""),
        ] {
            assert_eq!(Signal::from(given).as_str(), name);
        }
    }
}
