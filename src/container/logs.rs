//! `GET /containers/{id}/logs`

use super::Container;
use super::framing::OutputRequest;
use crate::request::call;
use crate::stream::OutputStream;
use crate::wire::unix_seconds;
use crate::{Limits, Result, Timestamp};
use std::fmt::Display;

impl Container {
    /// Reads what the container wrote to stdout and stderr: all of it, or from some time on, or as it goes on.
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
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it is dead or being removed.
    /// [`Error::is_invalid`](crate::Error::is_invalid): neither stdout nor stderr is read. A
    /// [`status`](crate::Error::status) of 501: its log driver keeps nothing that could be read.
    pub fn logs(&self) -> Logs {
        let request = self.get("/containers/{id}/logs").query("stdout", true).query("stderr", true);
        let output = OutputRequest::new(self, request);
        Logs(LogsRequest { output, stdout: true, stderr: true, timestamps: false })
    }
}

/// A call of [`Container::logs`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Logs(LogsRequest);

impl Logs {
    /// Goes on with what the container writes from now on, until it ends; by default the stream ends with what there is.
    ///
    /// A container that was not yet started has no output to follow: the stream ends at once. There is no limit to how long
    /// it may be silent but what is set on the call.
    pub fn follow(self, follow: bool) -> Self {
        let Self(mut logs) = self.query("follow", follow);
        logs.output.request = logs.output.request.no_timeouts(follow);
        Self(logs)
    }

    /// Whether to read what was written to stdout; by default it is.
    pub fn stdout(mut self, stdout: bool) -> Self {
        self.0.stdout = stdout;
        self.query("stdout", stdout)
    }

    /// Whether to read what was written to stderr; by default it is.
    pub fn stderr(mut self, stderr: bool) -> Self {
        self.0.stderr = stderr;
        self.query("stderr", stderr)
    }

    /// Only what was written at this time or later; by default from the beginning on.
    pub fn since(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        self.time("since", time)
    }

    /// Only what was written at this time or earlier, where following ends too; by default to the end.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        self.time("until", time)
    }

    /// Tells when each line was written: [`Chunk::time`](crate::stream::Chunk::time); by default not.
    pub fn timestamps(mut self, timestamps: bool) -> Self {
        self.0.timestamps = timestamps;
        self.query("timestamps", timestamps)
    }

    /// Only so many lines of the end of what there is; by default all.
    pub fn tail(self, lines: usize) -> Self {
        self.query("tail", lines)
    }

    /// Puts the attributes before each line that the log driver was told to keep: `key=value,…` and a space; by
    /// default not.
    pub fn details(self, details: bool) -> Self {
        self.query("details", details)
    }

    fn time(mut self, name: &'static str, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        let request = self.0.output.request;
        self.0.output.request = request.time(time, |request, time| request.query(name, unix_seconds(time)));
        self
    }

    fn query(self, name: &'static str, value: impl Display) -> Self {
        Self(LogsRequest { output: self.0.output.query(name, value), ..self.0 })
    }
}

/// What a call of [`Container::logs`] is made of.
#[derive(Clone, Debug)]
struct LogsRequest {
    output: OutputRequest,
    stdout: bool,
    stderr: bool,
    timestamps: bool,
}

impl LogsRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { output: self.output.limits(limits), ..self }
    }
}

call!(Logs => OutputStream, opened);

async fn opened(logs: LogsRequest) -> Result<OutputStream> {
    let LogsRequest { mut output, stdout, stderr, timestamps } = logs;
    if !stdout && !stderr {
        output.request = output.request.refuse("no output selected: enable stdout or stderr");
    }
    let (response, framing) = output.send().await?;
    Ok(OutputStream::new(response.into_stream(), framing, timestamps))
}
