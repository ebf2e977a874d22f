//! `POST /build/cancel`

use crate::image::Images;
use crate::request::{Client, Method, Request, call, send, unit};
use crate::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::runtime::Handle;

impl Images {
    /// Cancels the BuildKit build with this [ID](super::Build::id). Succeeds if there is no such build. Some builds
    /// [have no ID](super::Build::id).
    ///
    /// The call of the cancelled build returns an error.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /build/cancel?id=nightly", "200")]);
    /// docker.images().cancel_build("nightly").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /build/cancel`
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call).
    pub fn cancel_build(&self, id: impl Into<String>) -> CancelBuild {
        CancelBuild(cancel(&self.client, &id.into()))
    }
}

fn cancel(client: &Arc<Client>, id: &str) -> Request {
    let request = client.request(Method::POST, "/build/cancel", &[]);
    if id.trim().is_empty() { request.refuse("the build ID must not be empty") } else { request.query("id", id) }
}

/// A call of [`Images::cancel_build`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct CancelBuild(Request);

call!(CancelBuild => (), unit);

/// Cancels a build when dropped, unless the build has ended.
pub(super) struct Cancelling {
    client: Arc<Client>,
    id: String,
    /// The runtime of the build, for drops outside of a runtime.
    runtime: Option<Handle>,
    is_over: bool,
}

impl Cancelling {
    pub(super) fn new(client: Arc<Client>, id: String) -> Self {
        Self { client, id, runtime: Handle::try_current().ok(), is_over: false }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Awaits a part of the build. Dropping the future cancels the build, and so does an error after which the engine may
    /// still be building.
    pub(super) async fn unless_failed<T>(self, work: impl Future<Output = Result<T>>) -> Result<(T, Self)> {
        match work.await {
            Ok(done) => Ok((done, self)),
            Err(error) => {
                self.end_by(&error);
                Err(error)
            }
        }
    }

    pub(super) fn end(mut self) {
        self.is_over = true;
    }

    /// Ends with the error of a build. Cancels the build if only the client has stopped.
    pub(super) fn end_by(mut self, error: &Error) {
        self.is_over = !matches!(
            error.kind(),
            ErrorKind::Timeout | ErrorKind::Interrupted | ErrorKind::Upload | ErrorKind::Decode | ErrorKind::TooLarge
        );
    }
}

impl Drop for Cancelling {
    /// The engine also cancels the build when its connection closes, but a proxy may not forward that.
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if let Some(runtime) = Handle::try_current().ok().or_else(|| self.runtime.take()) {
            let request = cancel(&self.client, &self.id);
            drop(runtime.spawn(async move { send(request).await.map(drop) }));
        }
    }
}
