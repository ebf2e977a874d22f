//! `GET /containers/{id}/attach/ws`

use super::Container;
use crate::request::{Request, call, send};
use crate::stream::Attached;
use crate::{Result, Version, wire};
use base64::prelude::{BASE64_STANDARD, Engine as _};

impl Container {
    /// Attaches to the container's input and output over a WebSocket, for where nothing else passes: [`attach`](Self::attach)
    /// needs less.
    ///
    /// The output is never told apart by its sources: all of it is [`Console`](crate::stream::Source::Console). The end of
    /// the input closes no half of the connection, but is said; it has the same effect. What is written to the input goes out
    /// at once, or when it is flushed, or along with reading the output.
    ///
    /// `GET /containers/{id}/attach/ws`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it is paused or restarting.
    pub fn attach_websocket(&self) -> AttachWebsocket {
        // The key is only for proxies: each connection has another one. That it comes back, hashed by SHA-1, would show that
        // the peer speaks WebSocket; that it is a Docker Engine, which does, its user has said, and any other is found out
        // by its first frame.
        let key = wire::random_bytes();
        let request = self.get("/containers/{id}/attach/ws");
        let request = request.upgrade("websocket");
        let request = request.header("sec-websocket-version", "13".to_owned());
        let request = request.header("sec-websocket-key", BASE64_STANDARD.encode(key));
        AttachWebsocket(request.query("stream", true).query("stdout", true).query("stderr", true))
    }
}

/// A call of [`Container::attach_websocket`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct AttachWebsocket(Request);

impl AttachWebsocket {
    /// Attaches to the container's stdin as well, which has to be [open](super::ContainerSpec::open_stdin); by default not.
    /// Before API 1.42 it always is attached to.
    pub fn stdin(self, stdin: bool) -> Self {
        Self(self.0.query("stdin", stdin))
    }

    /// Whether to attach to its stdout; by default so. It can be left out since API 1.42.
    pub fn stdout(self, stdout: bool) -> Self {
        self.output("stdout", "attaching to a WebSocket without stdout", stdout)
    }

    /// Whether to attach to its stderr; by default so. It can be left out since API 1.42.
    pub fn stderr(self, stderr: bool) -> Self {
        self.output("stderr", "attaching to a WebSocket without stderr", stderr)
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

    fn output(self, name: &'static str, without: &'static str, attach: bool) -> Self {
        let request = self.0.query(name, attach);
        Self(if attach { request } else { request.since(Version::V1_42, without) })
    }
}

call!(AttachWebsocket => Attached, attached);

async fn attached(request: Request) -> Result<Attached> {
    Ok(Attached::websocket(send(request).await?.into_upgraded()?).await)
}
