//! `GET /containers/{id}/logs`

use super::Container;
use super::framing::send_framed;
use crate::request::{Request, call};
use crate::stream::OutputStream;
use crate::{Result, Timestamp};

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
        Logs(self.get("logs").query("stdout", true).query("stderr", true))
    }
}

/// A call of [`Container::logs`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Logs(Request);

impl Logs {
    /// Goes on with what the container writes from now on, until it ends; by default the stream ends with what there is.
    ///
    /// A container that was not yet started has no output to follow: the stream ends at once. There is no limit to how long
    /// it may be silent but what is set on the call.
    pub fn follow(self, follow: bool) -> Self {
        Self(self.0.query("follow", follow).unlimited(follow))
    }

    /// Whether to read what was written to stdout; by default it is.
    pub fn stdout(self, stdout: bool) -> Self {
        Self(self.0.query("stdout", stdout))
    }

    /// Whether to read what was written to stderr; by default it is.
    pub fn stderr(self, stderr: bool) -> Self {
        Self(self.0.query("stderr", stderr))
    }

    /// Only what was written at this time or later; by default from the beginning on.
    pub fn since(self, time: impl Into<Timestamp>) -> Self {
        Self(self.0.query("since", time.into().to_seconds()))
    }

    /// Only what was written at this time or earlier, where following ends too; by default to the end.
    pub fn until(self, time: impl Into<Timestamp>) -> Self {
        Self(self.0.query("until", time.into().to_seconds()))
    }

    /// Tells when each line was written: [`Chunk::time`](crate::stream::Chunk::time); by default not.
    pub fn timestamps(self, timestamps: bool) -> Self {
        Self(self.0.query("timestamps", timestamps))
    }

    /// Only so many lines of the end of what there is; by default all.
    pub fn tail(self, lines: usize) -> Self {
        Self(self.0.query("tail", lines))
    }

    /// Puts the attributes before each line that the log driver was told to keep: `key=value,…` and a space; by
    /// default not.
    pub fn details(self, details: bool) -> Self {
        Self(self.0.query("details", details))
    }
}

call!(Logs => OutputStream, opened);

async fn opened(request: Request) -> Result<OutputStream> {
    let request = if request.is_query("stdout", "false") && request.is_query("stderr", "false") {
        request.refuse("logs of neither stdout nor stderr are nothing: leave one of them on")
    } else {
        request
    };
    let timestamps = request.is_query("timestamps", "true");
    let (answer, framing) = send_framed(request).await?;
    Ok(OutputStream::new(answer.into_stream(), framing, timestamps))
}
