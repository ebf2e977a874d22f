//! `POST /session`

use crate::raw::RawConnection;
use crate::request::{Method, Request, call, send};
use crate::{Docker, Result};

impl Docker {
    /// Opens a session: a connection on which the engine calls the caller's services, by gRPC over HTTP/2. BuildKit
    /// uses it to fetch the files and secrets of a build. A build refers to its session by this ID. Use a new ID for
    /// each session.
    ///
    /// This returns only the connection. The engine acts as the HTTP/2 client, so the caller must run an HTTP/2 server
    /// on it.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// let session = docker.session("b5f1c6d0").method("/grpc.health.v1.Health/Check");
    /// let connection = session.await?; // AsyncRead + AsyncWrite: run an HTTP/2 server on it
    /// # drop(connection);
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /session`
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the ID is empty, or if a session with that ID exists.
    pub fn session(&self, id: impl Into<String>) -> Session {
        let (id, request) = (id.into(), self.client().request(Method::POST, "/session", &[]).upgrade("h2c"));
        Session(if id.trim().is_empty() {
            request.refuse("invalid session ID \"\": use a random one, such as a UUID")
        } else {
            request.header("x-docker-expose-session-uuid", id)
        })
    }
}

/// A call of [`Docker::session`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Session(Request);

impl Session {
    /// Sets a human-readable name. Defaults to none.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self(self.0.header("x-docker-expose-session-name", name.into()))
    }

    /// Sets a key shared by builds of the same files, so that unchanged files are not sent again. Defaults to none.
    pub fn shared_key(self, key: impl Into<String>) -> Self {
        Self(self.0.header("x-docker-expose-session-sharedkey", key.into()))
    }

    /// Announces that the caller serves this gRPC method, such as `/moby.filesync.v1.FileSync/DiffCopy`. Can be called
    /// more than once.
    pub fn method(self, method: impl Into<String>) -> Self {
        Self(self.0.header_also("x-docker-expose-session-grpc-method", method.into()))
    }
}

call!(Session => RawConnection, opened);

async fn opened(request: Request) -> Result<RawConnection> {
    let (connection, _) = send(request).await?.into_upgraded()?;
    Ok(RawConnection::new(connection))
}
