//! `POST /containers/{id}/attach`

use super::Container;
use super::framing::OutputRequest;
use crate::Result;
use crate::request::call;
use crate::stream::Attached;

impl Container {
    /// Attaches to the container's input and output: its stdout and stderr from now on, and its stdin if
    /// [asked for](Attach::stdin).
    ///
    /// Attached before it is started, nothing of its output is missed.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/create", r#"201 {"Id":"50f1","Warnings":[]}"#),
    /// #     ("POST /containers/50f1/attach?stream=true&stdout=true&stderr=true&stdin=true",
    /// #      "101 >12\n"),
    /// #     ("POST /containers/50f1/start", "204"),
    /// # ]);
    /// use longshore::container::ContainerSpec;
    /// use tokio::io::AsyncWriteExt;
    ///
    /// let spec = ContainerSpec::new("busybox").cmd(["wc", "-c"]).open_stdin(true).stdin_once(true);
    /// let wc = docker.containers().create(spec).await?;
    /// let mut attached = wc.attach().stdin(true).await?;
    /// wc.start().await?;
    /// attached.write_all(b"twelve bytes").await?;
    /// attached.shutdown().await?; // the end of its stdin
    /// while let Some(chunk) = attached.next().await {
    ///     assert_eq!(chunk?.to_string(), "12\n");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// An engine that is killed closes the connection as one does whose container has ended, and the output ends without an
    /// error: how it ended, [`wait`](Self::wait) or [`inspect`](Self::inspect) tells.
    ///
    /// `POST /containers/{id}/attach`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it is paused or restarting.
    pub fn attach(&self) -> Attach {
        let request = self.post("/containers/{id}/attach").upgrade("tcp");
        let request = request.query("stream", true).query("stdout", true).query("stderr", true);
        Attach(OutputRequest::new(self, request))
    }
}

/// A call of [`Container::attach`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Attach(OutputRequest);

impl Attach {
    /// Attaches to the container's stdin as well, which has to be [open](super::ContainerSpec::open_stdin); by default not.
    pub fn stdin(self, stdin: bool) -> Self {
        Self(self.0.query("stdin", stdin))
    }

    /// Whether to attach to its stdout; by default so.
    pub fn stdout(self, stdout: bool) -> Self {
        Self(self.0.query("stdout", stdout))
    }

    /// Whether to attach to its stderr; by default so.
    pub fn stderr(self, stderr: bool) -> Self {
        Self(self.0.query("stderr", stderr))
    }

    /// Replays what it wrote before; by default not.
    pub fn logs(self, logs: bool) -> Self {
        Self(self.0.query("logs", logs))
    }

    /// Goes on with what it writes from now on, as it does by default; without it, only [`logs`](Self::logs) are given.
    pub fn stream(self, stream: bool) -> Self {
        Self(self.0.query("stream", stream))
    }

    /// Which keys detach from a terminal, such as `ctrl-a,x`; by default `ctrl-p,ctrl-q`.
    pub fn detach_keys(self, keys: impl AsRef<str>) -> Self {
        Self(self.0.query("detachKeys", keys.as_ref()))
    }
}

call!(Attach => Attached, attached);

async fn attached(request: OutputRequest) -> Result<Attached> {
    let (response, framing) = request.send().await?;
    Ok(Attached::new(response.into_upgraded()?, framing))
}
