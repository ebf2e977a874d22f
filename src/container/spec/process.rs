//! The setters of a [`ContainerSpec`] for its process: command, environment, labels, health check, signals.

use super::{ContainerSpec, Env, Healthcheck, lines_file};
use crate::GoDuration;
use crate::container::Signal;
use crate::container::timeout::whole_seconds;
use std::fmt::Display;
use std::path::Path;

impl ContainerSpec {
    /// Sets the command, or the arguments of the entrypoint. Defaults to the image's.
    pub fn cmd<S: Into<String>>(mut self, cmd: impl IntoIterator<Item = S>) -> Self {
        self.config.cmd = cmd.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the entrypoint: the program in front of the command. Defaults to the image's; `[""]` removes it.
    pub fn entrypoint<S: Into<String>>(mut self, entrypoint: impl IntoIterator<Item = S>) -> Self {
        self.config.entrypoint = entrypoint.into_iter().map(Into::into).collect();
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.config.env.set(name, value);
        self
    }

    /// Sets environment variables.
    pub fn envs<K: Into<String>, V: AsRef<str>>(self, variables: impl IntoIterator<Item = (K, V)>) -> Self {
        variables.into_iter().fold(self, |spec, (name, value)| spec.env(name, value))
    }

    /// Sets an environment variable to the value that it has in this process now, as `docker run --env NAME` does.
    ///
    /// If this process does not have it, the container does not have it either, even if the image sets it.
    pub fn env_from_process(self, name: impl AsRef<str>) -> Self {
        self.set_env(|env| env.set_from_process(name.as_ref()))
    }

    /// Sets an environment variable in the form of `docker run --env`: `NAME=value`, or `NAME` alone as
    /// [`env_from_process`](Self::env_from_process).
    pub fn env_text(self, variable: impl AsRef<str>) -> Self {
        self.set_env(|env| env.set_text(variable.as_ref()))
    }

    /// Sets the environment variables of a file, in the form of `docker run --env-file`: one `NAME=value` per line.
    ///
    /// `NAME` alone takes the value from this process, if it has one. The file is read at once. If that fails, creating
    /// the container returns the error.
    pub fn env_file(self, path: impl AsRef<Path>) -> Self {
        self.set_env(|env| env.set_from_file(path.as_ref()))
    }

    /// Changes the environment variables, or keeps why it failed for the call.
    fn set_env(mut self, set: impl FnOnce(&mut Env) -> Result<(), String>) -> Self {
        if let Err(why) = set(&mut self.config.env) {
            self.invalid.push(why);
        }
        self
    }

    /// Adds labels.
    pub fn labels<K: Into<String>, V: Into<String>>(self, labels: impl IntoIterator<Item = (K, V)>) -> Self {
        labels.into_iter().fold(self, |spec, (key, value)| spec.label(key, value))
    }

    /// Adds a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.labels.insert(key, value.into());
        self
    }

    /// Adds the labels of a file, in the form of `docker run --label-file`: one `key=value` per line. A key alone has an
    /// empty value.
    ///
    /// The file is read at once. If that fails, creating the container returns the error.
    pub fn label_file(self, path: impl AsRef<Path>) -> Self {
        self.set(lines_file::read("label file", path.as_ref()), |spec, lines| {
            for (key, value) in lines {
                spec.config.labels.insert(key, value.unwrap_or_default());
            }
        })
    }

    /// Sets the user that runs the command: `user`, `uid`, `user:group` or `uid:gid`. Defaults to the image's, or else
    /// root.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.config.user = user.into();
        self
    }

    /// Sets the working directory of the command. Defaults to the image's, or else `/`.
    pub fn working_dir(mut self, path: impl Into<String>) -> Self {
        self.config.working_dir = path.into();
        self
    }

    /// Sets the host name. Defaults to the beginning of the container's ID.
    pub fn hostname(mut self, name: impl Into<String>) -> Self {
        self.config.hostname = name.into();
        self
    }

    /// Sets the domain name. Default: none.
    pub fn domainname(mut self, name: impl Into<String>) -> Self {
        self.config.domainname = name.into();
        self
    }

    /// Sets the health check. Defaults to the image's.
    pub fn health(mut self, check: Healthcheck) -> Self {
        self.config.healthcheck = Some(check);
        self
    }

    /// Sets the signal that stops the container. Defaults to the image's, or else SIGTERM.
    pub fn stop_signal(mut self, signal: impl Into<Signal>) -> Self {
        self.config.stop_signal = Some(signal.into());
        self
    }

    /// Sets the time between the stop signal and SIGKILL. Rounded up to whole seconds; [`Duration::MAX`](std::time::Duration::MAX) waits forever.
    /// Defaults to 10 seconds.
    pub fn stop_timeout(self, timeout: impl TryInto<GoDuration, Error: Display>) -> Self {
        self.set(timeout.try_into(), |spec, timeout| spec.config.stop_timeout = Some(whole_seconds(timeout.duration())))
    }

    /// Allocates a terminal. All output is then [`Console`](crate::stream::Source::Console). Defaults to `false`.
    pub fn tty(mut self, tty: bool) -> Self {
        self.config.tty = tty;
        self
    }

    /// Keeps stdin open, so that clients can attach to it. Defaults to `false`.
    pub fn open_stdin(mut self, open: bool) -> Self {
        self.config.open_stdin = open;
        self
    }

    /// Closes stdin for good when the first attached client closes it. Defaults to `false`: stdin stays open.
    pub fn stdin_once(mut self, once: bool) -> Self {
        self.config.stdin_once = once;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::ContainerSpec;

    #[test]
    fn variables_are_taken_from_this_process() {
        let spec = ContainerSpec::new("nginx").env("LONGSHORE_UNSET", "x");
        let spec = spec.env_from_process("PATH").env_from_process("LONGSHORE_UNSET");
        let path = format!("PATH={}", std::env::var("PATH").expect("a path"));
        assert_eq!(spec.config.env.as_slice(), [path.as_str(), "LONGSHORE_UNSET"]);
        let texts = ["A=b=c", "EMPTY=", "PATH", "LONGSHORE_UNSET"];
        let spec = texts.into_iter().fold(ContainerSpec::new("nginx"), ContainerSpec::env_text);
        assert_eq!(spec.config.env.as_slice(), ["A=b=c", "EMPTY=", &path, "LONGSHORE_UNSET"]);
        for name in ["", "A=s3cret"] {
            let error = ContainerSpec::new("nginx").env_from_process(name).check().expect_err(name);
            assert!(error.starts_with("invalid variable name") && !error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn files_set_variables_and_labels() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "A=1\nPATH\nLONGSHORE_UNSET\n").expect("written");
        let spec = ContainerSpec::new("nginx").env_file(file.path()).label_file(file.path());
        let path = format!("PATH={}", std::env::var("PATH").expect("a path"));
        assert_eq!(spec.config.env.as_slice(), ["A=1", &path]);
        let labels: Vec<_> = spec.config.labels.iter().map(|(key, value)| (key, value.as_str())).collect();
        assert_eq!(labels, [("A", "1"), ("LONGSHORE_UNSET", ""), ("PATH", "")]);
        let error = ContainerSpec::new("nginx").label_file("/nowhere/labels").check().expect_err("no file");
        assert!(error.starts_with("cannot read the label file /nowhere/labels: "), "{error}");
    }
}
