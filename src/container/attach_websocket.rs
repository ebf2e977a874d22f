//! `GET /containers/{id}/attach/ws`

use super::Container;
use crate::request::{Request, call, send};
use crate::stream::Attached;
use crate::{Result, Version, wire};
use base64::prelude::{BASE64_STANDARD, Engine as _};

impl Container {
    /// Attaches to the container over a WebSocket, for networks that let nothing else pass. Prefer
    /// [`attach`](Self::attach), which is simpler. Requires the feature `websocket`.
    ///
    /// The WebSocket does not tell stdout from stderr: all output is [`Console`](crate::stream::Source::Console).
    /// Shutting the input down sends a message instead of closing half of the connection, with the same effect. Written
    /// input is sent at once, on a flush, or while the output is read.
    ///
    /// ```no_run
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = longshore::Docker::from_env()?;
    /// let mut attached = docker.container("web").attach_websocket().await?;
    /// while let Some(chunk) = attached.next().await {
    ///     print!("{}", chunk?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/attach/ws`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is paused or restarting.
    pub fn attach_websocket(&self) -> AttachWebsocket {
        // The random key only keeps proxies from replaying a handshake. The response's hash of it (SHA-1) is not
        // checked: it proves only that the peer speaks WebSocket, as every Docker Engine does. Any other peer is found
        // out by its first frame.
        let key = wire::random_bytes();
        let request = self.get("/containers/{id}/attach/ws");
        let request = request.upgrade("websocket");
        let request = request.header("sec-websocket-version", "13".to_owned());
        let request = request.header("sec-websocket-key", BASE64_STANDARD.encode(key));
        AttachWebsocket(request.query("stream", true).query("stdout", true).query("stderr", true))
    }
}

/// A call of [`Container::attach_websocket`]. Requires the feature `websocket`.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct AttachWebsocket(Request);

impl AttachWebsocket {
    /// Attaches to stdin as well. The container needs an [open stdin](super::ContainerSpec::open_stdin). Defaults to
    /// `false`. Before API 1.42, the engine always attaches to stdin.
    pub fn stdin(self, stdin: bool) -> Self {
        Self(self.0.query("stdin", stdin))
    }

    /// Attaches to stdout. Defaults to `true`. `false` requires API 1.42 or later.
    pub fn stdout(self, stdout: bool) -> Self {
        self.output("stdout", "attaching to a WebSocket without stdout", stdout)
    }

    /// Attaches to stderr. Defaults to `true`. `false` requires API 1.42 or later.
    pub fn stderr(self, stderr: bool) -> Self {
        self.output("stderr", "attaching to a WebSocket without stderr", stderr)
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

    fn output(self, name: &'static str, without: &'static str, attach: bool) -> Self {
        let request = self.0.query(name, attach);
        Self(if attach { request } else { request.since(Version::V1_42, without) })
    }
}

call!(AttachWebsocket => Attached, attached);

async fn attached(request: Request) -> Result<Attached> {
    Ok(Attached::websocket(send(request).await?.into_upgraded()?).await)
}
