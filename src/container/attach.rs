//! `POST /containers/{id}/attach`

use super::Container;
use super::framing::OutputRequest;
use crate::Result;
use crate::request::call;
use crate::stream::Attached;

impl Container {
    /// Attaches to the container: reads its stdout and stderr from now on, and writes to its stdin if
    /// [`stdin`](Attach::stdin) is set.
    ///
    /// To miss no output, attach before starting the container.
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
    /// attached.shutdown().await?; // closes its stdin
    /// while let Some(chunk) = attached.next().await {
    ///     assert_eq!(chunk?.to_string(), "12\n");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// The output ends without an error when the container ends, and also when the engine is killed.
    /// [`wait`](Self::wait) or [`inspect`](Self::inspect) tells the two apart.
    ///
    /// `POST /containers/{id}/attach`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is paused or restarting.
    pub fn attach(&self) -> Attach {
        let request = self.post("/containers/{id}/attach").upgrade("tcp");
        let request = request.query("stream", true).query("stdout", true).query("stderr", true);
        Attach(OutputRequest::new(request, self.get("/containers/{id}/json"), "/Config/Tty"))
    }
}

/// A call of [`Container::attach`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Attach(OutputRequest);

impl Attach {
    /// Attaches to stdin as well. The container needs an [open stdin](super::ContainerSpec::open_stdin). Defaults to
    /// `false`.
    pub fn stdin(self, stdin: bool) -> Self {
        Self(self.0.query("stdin", stdin))
    }

    /// Attaches to stdout. Defaults to `true`.
    pub fn stdout(self, stdout: bool) -> Self {
        Self(self.0.query("stdout", stdout))
    }

    /// Attaches to stderr. Defaults to `true`.
    pub fn stderr(self, stderr: bool) -> Self {
        Self(self.0.query("stderr", stderr))
    }

    /// Replays the existing log first. Defaults to `false`.
    pub fn logs(self, logs: bool) -> Self {
        Self(self.0.query("logs", logs))
    }

    /// Streams new output as it is written. Defaults to `true`. With `false`, only [`logs`](Self::logs) are sent.
    pub fn stream(self, stream: bool) -> Self {
        Self(self.0.query("stream", stream))
    }

    /// Sets the keys that detach from the terminal, such as `ctrl-a,x`. Defaults to `ctrl-p,ctrl-q`.
    pub fn detach_keys(self, keys: impl AsRef<str>) -> Self {
        Self(self.0.query("detachKeys", keys.as_ref()))
    }
}

call!(Attach => Attached, attached);

async fn attached(request: OutputRequest) -> Result<Attached> {
    let (response, framing) = request.send().await?;
    Ok(Attached::new(response.into_upgraded()?, framing))
}
