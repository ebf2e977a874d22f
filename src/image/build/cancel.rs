//! `POST /build/cancel`

use crate::Result;
use crate::image::Images;
use crate::request::{Client, Method, Request, call, send, unit};
use std::sync::Arc;

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
    is_over: bool,
}

impl Cancelling {
    pub(super) fn new(client: Arc<Client>, id: String) -> Self {
        Self { client, id, is_over: false }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Awaits a part of the build. Dropping the future cancels the build. If the part fails, there is nothing to cancel.
    pub(super) async fn unless_failed<T>(self, work: impl Future<Output = Result<T>>) -> Result<(T, Self)> {
        match work.await {
            Ok(done) => Ok((done, self)),
            Err(error) => {
                self.end();
                Err(error)
            }
        }
    }

    pub(super) fn end(mut self) {
        self.is_over = true;
    }
}

impl Drop for Cancelling {
    /// The engine also cancels the build when its connection closes, but a proxy may not forward that.
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let request = cancel(&self.client, &self.id);
            drop(runtime.spawn(async move { send(request).await.map(drop) }));
        }
    }
}
