//! [`Signal`]: what is sent to a container's process.

use crate::Version;
use crate::request::Request;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What is sent to a container's process: a name, such as `SIGTERM`, or a number.
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
    /// SIGHUP: many servers read their configuration again.
    pub const HUP: Self = Self(Cow::Borrowed("SIGHUP"));
    /// SIGINT: what Ctrl-C sends.
    pub const INT: Self = Self(Cow::Borrowed("SIGINT"));
    /// SIGKILL: ends the process, which cannot help it.
    pub const KILL: Self = Self(Cow::Borrowed("SIGKILL"));
    /// SIGQUIT: some servers finish what they do, then end.
    pub const QUIT: Self = Self(Cow::Borrowed("SIGQUIT"));
    /// SIGTERM: asks the process to end.
    pub const TERM: Self = Self(Cow::Borrowed("SIGTERM"));
    /// SIGUSR1: means what the process makes of it.
    pub const USR1: Self = Self(Cow::Borrowed("SIGUSR1"));
    /// SIGUSR2: means what the process makes of it.
    pub const USR2: Self = Self(Cow::Borrowed("SIGUSR2"));

    /// The name or the number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Sets it in a request; `since`: older APIs do not know of signals there.
    pub(super) fn set(&self, request: Request, since: Option<Version>) -> Request {
        if !self.0.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return request
                .refuse(format!("{:?} is no signal: a name such as SIGTERM, or a number, is needed", self.0));
        }
        match since {
            Some(since) => request.query_since(since, "signal", self),
            None => request.query("signal", self),
        }
    }
}

impl From<&str> for Signal {
    /// `term` and `TERM` become `SIGTERM`; numbers stay as they are.
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
