//! `GET /tasks/{id}/logs`, and `GET /services/{id}/logs`

use super::Task;
use crate::container::{LogOutput, LogsRequest, OutputRequest, collected, opened};
use crate::request::{Request, call};
use crate::stream::OutputStream;
use crate::wire::unix_seconds;
use crate::{Moment, Result};
use std::fmt::Display;

impl Task {
    /// Reads the task's output on stdout and stderr.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("GET /tasks/9ld7/logs?stdout=true&stderr=true&tail=100", "200 >ready\n")]);
    /// let mut logs = docker.task("9ld7").logs().tail(100).await?;
    /// while let Some(chunk) = logs.next().await {
    ///     print!("{}", chunk?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /tasks/{id}/logs`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the task does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if neither stdout nor stderr is included.
    /// [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a swarm manager.
    pub fn logs(&self) -> Logs {
        logs(self.get("/tasks/{id}/logs"), self.get("/tasks/{id}"), "/Spec/ContainerSpec/TTY")
    }
}

/// Begins a call. If the engine does not announce the framing of the response, as before API 1.42, `inspect` and the JSON
/// pointer `tty` tell whether there is a terminal.
pub(crate) fn logs(request: Request, inspect: Request, tty: &'static str) -> Logs {
    let request = request.query("stdout", true).query("stderr", true);
    let output = OutputRequest::new(request, inspect, tty);
    Logs(LogsRequest::new(output))
}

/// A call of [`Task::logs`], or of [`Service::logs`](crate::service::Service::logs).
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Logs(LogsRequest);

impl Logs {
    /// Keeps the stream open and yields new output as it is written. Defaults to `false`: the stream ends with the
    /// existing log.
    ///
    /// The stream of a service then never ends on its own. Only limits set on this call apply to its silence.
    pub fn follow(self, follow: bool) -> Self {
        self.map(|request| request.query("follow", follow).no_timeouts(follow))
    }

    /// Reads the log to its end, and returns it. A [followed](Self::follow) log of a task ends when the task does; that of
    /// a service never ends.
    ///
    /// The times of [`timestamps`](Self::timestamps) are left out. For those, or for the order of stdout and stderr, read
    /// the stream.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /services/web/logs?stdout=true&stderr=true&tail=100", "200 >ready\n!slow request\n"),
    /// # ]);
    /// let log = docker.service("web").logs().tail(100).output().await?;
    /// assert_eq!(log.stdout_text(), "ready\n");
    /// assert_eq!(log.stderr_text(), "slow request\n");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As for [`Task::logs`], and those of its stream.
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if the log has more than 256 MiB.
    pub async fn output(self) -> Result<LogOutput> {
        collected(self.await?).await
    }

    /// Includes stdout. Defaults to `true`.
    pub fn stdout(mut self, stdout: bool) -> Self {
        self.0.stdout = stdout;
        self.map(|request| request.query("stdout", stdout))
    }

    /// Includes stderr. Defaults to `true`.
    pub fn stderr(mut self, stderr: bool) -> Self {
        self.0.stderr = stderr;
        self.map(|request| request.query("stderr", stderr))
    }

    /// Includes only output written at this time or later, such as `"10m"` for ten minutes ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`]. Default: all output.
    pub fn since(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        self.map(|request| request.time(time, |request, time| request.query("since", unix_seconds(time))))
    }

    /// Includes the time of each line: [`Chunk::time`](crate::stream::Chunk::time). Defaults to `false`.
    pub fn timestamps(mut self, timestamps: bool) -> Self {
        self.0.timestamps = timestamps;
        self.map(|request| request.query("timestamps", timestamps))
    }

    /// Includes only this number of lines from the end of the existing log. Default: all lines.
    pub fn tail(self, lines: usize) -> Self {
        self.map(|request| request.query("tail", lines))
    }

    /// Prefixes each line with its origin:
    /// `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=…` and a space. Defaults to
    /// `false`: the lines of several tasks then cannot be told apart.
    ///
    /// Engines split a line of more than 16 KiB into chunks, each with the prefix. [`lines`](crate::stream::OutputStream::lines) yields
    /// whole lines with one prefix, unless there is a terminal.
    pub fn details(mut self, details: bool) -> Self {
        self.0.details = details;
        self.map(|request| request.query("details", details))
    }

    fn map(mut self, set: impl FnOnce(Request) -> Request) -> Self {
        self.0.output.request = set(self.0.output.request);
        self
    }
}

call!(Logs => OutputStream, opened);
