//! `GET /containers/{id}/logs`

use super::Container;
use super::framing::OutputRequest;
use super::logs_request::{LogsRequest, opened};
use crate::Moment;
use crate::request::call;
use crate::stream::OutputStream;
use crate::wire::unix_seconds;
use std::fmt::Display;

impl Container {
    /// Reads the container's logs: all of stdout and stderr, or a part of them. [`follow`](Logs::follow) adds new
    /// output as it is written. [`output`](Logs::output) reads a log into memory instead.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /containers/web/logs?stdout=true&stderr=true&follow=true&tail=100", "200 >ready\n"),
    /// # ]);
    /// # let web = docker.container("web");
    /// let mut logs = web.logs().follow(true).tail(100).await?;
    /// while let Some(chunk) = logs.next().await {
    ///     print!("{}", chunk?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/logs`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is dead or being removed.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if neither stdout nor stderr is included.
    /// A [`status`](crate::Error::status) of 501 if the container's log driver does not support reading.
    pub fn logs(&self) -> Logs {
        let request = self.get("/containers/{id}/logs").query("stdout", true).query("stderr", true);
        let output = OutputRequest::new(request, self.get("/containers/{id}/json"), "/Config/Tty");
        Logs(LogsRequest::new(output))
    }
}

/// A call of [`Container::logs`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Logs(LogsRequest);

impl Logs {
    /// Keeps the stream open and yields new output as it is written. Defaults to `false`: the stream ends with the
    /// existing log.
    ///
    /// For a container that was never started, the stream ends at once. A followed log has only a timeout for connecting, and
    /// the limits that are set on the call.
    ///
    /// Podman follows a log that grows by thousands of lines a second with gaps, and may leave out its end. Without `follow`, it
    /// returns all of it.
    pub fn follow(self, follow: bool) -> Self {
        let Self(mut logs) = self.query("follow", follow);
        logs.output.request = logs.output.request.no_timeouts(follow);
        Self(logs)
    }

    /// Includes stdout. Defaults to `true`.
    pub fn stdout(mut self, stdout: bool) -> Self {
        self.0.stdout = stdout;
        self.query("stdout", stdout)
    }

    /// Includes stderr. Defaults to `true`.
    pub fn stderr(mut self, stderr: bool) -> Self {
        self.0.stderr = stderr;
        self.query("stderr", stderr)
    }

    /// Includes only output written at this time or later, such as `"10m"` for ten minutes ago or a
    /// [`Timestamp`](crate::Timestamp): see [`Moment`]. Default: from the beginning.
    pub fn since(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        self.time("since", time)
    }

    /// Includes only output written at this time or earlier, given as for [`since`](Self::since). Following ends then, too.
    /// Default: to the end.
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        self.time("until", time)
    }

    /// Includes the time of each line in [`Chunk::time`](crate::stream::Chunk::time). Defaults to `false`.
    pub fn timestamps(mut self, timestamps: bool) -> Self {
        self.0.timestamps = timestamps;
        self.query("timestamps", timestamps)
    }

    /// Includes only this many lines from the end of the existing log. Default: all lines.
    pub fn tail(self, lines: usize) -> Self {
        self.query("tail", lines)
    }

    /// Prefixes each line with the attributes that the log driver was configured to keep, as `key=value,…` and a space.
    /// Defaults to `false`.
    ///
    /// Engines split a line of more than 16 KiB into chunks, each with the prefix. [`lines`](crate::stream::OutputStream::lines) yields
    /// whole lines with one prefix, unless there is a terminal.
    pub fn details(mut self, details: bool) -> Self {
        self.0.details = details;
        self.query("details", details)
    }

    fn time(mut self, name: &'static str, time: impl TryInto<Moment, Error: Display>) -> Self {
        let request = self.0.output.request;
        self.0.output.request = request.time(time, |request, time| request.query(name, unix_seconds(time)));
        self
    }

    fn query(self, name: &'static str, value: impl Display) -> Self {
        Self(LogsRequest { output: self.0.output.query(name, value), ..self.0 })
    }
}

call!(Logs => OutputStream, opened);
