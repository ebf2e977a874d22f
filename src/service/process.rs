//! The setters of a [`ServiceSpec`] for the process of its containers: command, environment, health check, signals.

use super::ServiceSpec;
use crate::GoDuration;
use crate::container::{Env, Healthcheck, Signal};
use std::fmt::Display;
use std::path::Path;

impl ServiceSpec {
    /// Sets the program, in place of the image's entrypoint.
    pub fn command<S: Into<String>>(mut self, command: impl IntoIterator<Item = S>) -> Self {
        self.container().command = command.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the arguments, in place of the image's command.
    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.container().args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.container().env.set(name, value);
        self
    }

    /// Sets environment variables.
    pub fn envs<K: Into<String>, V: AsRef<str>>(self, variables: impl IntoIterator<Item = (K, V)>) -> Self {
        variables.into_iter().fold(self, |spec, (name, value)| spec.env(name, value))
    }

    /// Sets an environment variable to the value that it has in this process now, as `--env NAME` does.
    ///
    /// If this process does not have it, the containers do not have it either, even if the image sets it.
    pub fn env_from_process(self, name: impl AsRef<str>) -> Self {
        self.set_env(|env| env.set_from_process(name.as_ref()))
    }

    /// Sets an environment variable in the form of `docker service create --env`: `NAME=value`, or `NAME` alone as
    /// [`env_from_process`](Self::env_from_process).
    pub fn env_text(self, variable: impl AsRef<str>) -> Self {
        self.set_env(|env| env.set_text(variable.as_ref()))
    }

    /// Sets the environment variables of a file, as
    /// [`ContainerSpec::env_file`](crate::container::ContainerSpec::env_file) does. The file is read at once. If that
    /// fails, creating or updating the service returns the error.
    pub fn env_file(self, path: impl AsRef<Path>) -> Self {
        self.set_env(|env| env.set_from_file(path.as_ref()))
    }

    /// Changes the environment variables, or keeps why it failed for the call.
    fn set_env(mut self, set: impl FnOnce(&mut Env) -> Result<(), String>) -> Self {
        if let Err(why) = set(&mut self.container().env) {
            self.invalid.push(why);
        }
        self
    }

    /// Sets a label of the containers.
    pub fn container_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.container().labels.insert(key, value.into());
        self
    }

    /// Sets labels of the containers.
    pub fn container_labels<K: Into<String>, V: Into<String>>(self, labels: impl IntoIterator<Item = (K, V)>) -> Self {
        labels.into_iter().fold(self, |spec, (key, value)| spec.container_label(key, value))
    }

    /// Sets the user that runs the command: `user`, `uid`, `user:group` or `uid:gid`. Defaults to the image's, or else
    /// root.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.container().user = user.into();
        self
    }

    /// Adds a group of the user, by name or ID. Default: no further groups.
    pub fn group_add(mut self, group: impl Into<String>) -> Self {
        self.container().groups.push(group.into());
        self
    }

    /// Sets the working directory of the command. Defaults to the image's, or else `/`.
    pub fn working_dir(mut self, path: impl Into<String>) -> Self {
        self.container().dir = path.into();
        self
    }

    /// Sets the host name, which may have placeholders such as `{{.Node.Hostname}}-{{.Task.Slot}}`. Defaults to the
    /// beginning of the container's ID.
    pub fn hostname(mut self, name: impl Into<String>) -> Self {
        self.container().hostname = name.into();
        self
    }

    /// Allocates a terminal. Defaults to `false`.
    pub fn tty(mut self, tty: bool) -> Self {
        self.container().tty = tty;
        self
    }

    /// Keeps stdin open. Defaults to `false`.
    pub fn open_stdin(mut self, open: bool) -> Self {
        self.container().open_stdin = open;
        self
    }

    /// Sets the health check of the containers. Defaults to that of the image.
    pub fn health(mut self, check: Healthcheck) -> Self {
        self.container().health_check = Some(check);
        self
    }

    /// Sets the signal that stops a container. Defaults to the image's, or else SIGTERM.
    pub fn stop_signal(mut self, signal: impl Into<Signal>) -> Self {
        self.container().stop_signal = signal.into().to_string();
        self
    }

    /// Sets the time a container has to stop before the engine kills it, such as `"30s"` or a
    /// [`Duration`](std::time::Duration). Defaults to 10 seconds.
    pub fn stop_grace_period(self, time: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(time.try_into(), |spec, time| spec.container().stop_grace_period = Some(time.duration()))
    }
}
