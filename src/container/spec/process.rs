//! What a [`ContainerSpec`]'s process is: command, environment, labels, health, signals.

use super::{ContainerSpec, Healthcheck};
use crate::container::Signal;
use crate::container::timeout::whole_seconds;
use std::time::Duration;

impl ContainerSpec {
    /// The command, or the entrypoint's arguments, instead of the image's.
    pub fn cmd<S: Into<String>>(mut self, cmd: impl IntoIterator<Item = S>) -> Self {
        self.config.cmd = cmd.into_iter().map(Into::into).collect();
        self
    }

    /// The program in front of the command, instead of the image's; `[""]`: none.
    pub fn entrypoint<S: Into<String>>(mut self, entrypoint: impl IntoIterator<Item = S>) -> Self {
        self.config.entrypoint = entrypoint.into_iter().map(Into::into).collect();
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.config.env.set(name, value);
        self
    }

    /// Adds a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.labels.insert(key, value.into());
        self
    }

    /// Who runs the command: `user`, `uid`, `user:group` or `uid:gid`; the image's choice, or root, if not set.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.config.user = user.into();
        self
    }

    /// Where the command runs; the image's choice, or `/`, if not set.
    pub fn working_dir(mut self, path: impl Into<String>) -> Self {
        self.config.working_dir = path.into();
        self
    }

    /// The host name; the beginning of its id if not set.
    pub fn hostname(mut self, name: impl Into<String>) -> Self {
        self.config.hostname = name.into();
        self
    }

    /// How its health is checked, instead of the image's way.
    pub fn health(mut self, check: Healthcheck) -> Self {
        self.config.healthcheck = Some(check);
        self
    }

    /// The signal that stops it, instead of the image's choice or SIGTERM.
    pub fn stop_signal(mut self, signal: impl Into<Signal>) -> Self {
        self.config.stop_signal = Some(signal.into());
        self
    }

    /// How long from the stop signal to SIGKILL, in whole seconds, rounded up; [`Duration::MAX`]: for ever. 10 s if not set.
    pub fn stop_timeout(mut self, timeout: Duration) -> Self {
        self.config.stop_timeout = Some(whole_seconds(timeout));
        self
    }

    /// Whether it has a terminal; then all its output is [`Console`](crate::stream::Source::Console). By default not.
    pub fn tty(mut self, tty: bool) -> Self {
        self.config.tty = tty;
        self
    }

    /// Whether stdin stays open, so that somebody can attach to it; by default not.
    pub fn open_stdin(mut self, open: bool) -> Self {
        self.config.open_stdin = open;
        self
    }

    /// Whether its stdin ends for good when the first one that is attached to it closes it. By default it stays open.
    pub fn stdin_once(mut self, once: bool) -> Self {
        self.config.stdin_once = once;
        self
    }
}
