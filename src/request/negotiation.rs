//! Negotiates the API version on the first call.

use super::client::Client;
use super::exchange::exchange;
use super::failure;
use super::negotiated::Failure;
use super::response::Response;
use crate::transport::Deadlines;
use crate::{Error, ErrorKind, Result, Version};
use hyper::{Method, StatusCode};
use serde::Deserialize;
use std::sync::Arc;
use tokio::time::Instant;

impl Client {
    /// Returns the API version, if it is negotiated already.
    pub(crate) fn known_version(&self) -> Option<Version> {
        self.negotiation.known()
    }

    /// Makes the next call negotiate again, after the engine refused the version. Returns `false` if it is pinned.
    pub(super) fn forget_version(&self) -> bool {
        if !self.negotiation.pinned {
            self.negotiation.set(None);
        }
        !self.negotiation.pinned
    }

    /// Returns the API version: the pinned one, or the newest that both sides support.
    ///
    /// One call negotiates at a time. If it fails, the calls that waited for it fail with the same error. But if it
    /// only reached its own limits, the next call tries again within the rest of its own.
    pub(super) async fn version(self: &Arc<Self>, deadlines: Deadlines) -> Result<Version> {
        if let Some(version) = self.known_version() {
            return Ok(version);
        }
        let began = Instant::now();
        let turn = async { Ok(self.negotiation.turn.lock().await) };
        let mut turn = deadlines.waiting("waiting for the API version", turn).await?;
        if let Some(version) = self.known_version() {
            return Ok(version);
        }
        if let Some(failure) = turn.as_ref().filter(|failure| failure.at >= began) {
            return Err(failure.error.shared());
        }
        let negotiated = self.negotiate(deadlines.after_waiting(began.elapsed())).await;
        match &negotiated {
            Ok(version) => self.negotiation.set(Some(*version)),
            Err(error) if error.is_timeout() => {}
            Err(error) => *turn = Some(Failure { error: error.shared(), at: Instant::now() }),
        }
        negotiated
    }

    /// Asks `/_ping` for the engine's newest version: by HEAD, then by GET for servers that do not respond to HEAD with 200.
    async fn negotiate(self: &Arc<Self>, deadlines: Deadlines) -> Result<Version> {
        let first = self.ask(Method::HEAD, "/_ping", deadlines).await;
        let response = match first {
            Ok(response) if response.status() == StatusCode::OK => response,
            Err(error) if error.is_connect() || error.is_timeout() => return Err(error),
            first => {
                drop(first); // its connection may be the only one that is allowed
                self.ask(Method::GET, "/_ping", deadlines).await?
            }
        };
        let Some(newest) = response.header("Api-Version").filter(|version| !version.is_empty()).map(str::to_owned)
        else {
            // A proxy may have removed the header. A server that is not an engine fails the check.
            return failure::check(response, self.default_limits()).await?.finish().await.map(|()| Version::OLDEST);
        };
        response.finish().await.ok(); // only the header matters, even if the status is 500
        let newest: Version = newest.parse().map_err(|_| {
            Error::new(ErrorKind::Decode, format!("the engine's Api-Version {newest:?} is not a version"))
        })?;
        if newest < Version::OLDEST {
            return Err(self.too_old(newest, deadlines).await);
        }
        Ok(newest.min(Version::NEWEST))
    }

    /// Names both ranges of versions. The engine's oldest version is only in `/version`.
    async fn too_old(self: &Arc<Self>, newest: Version, deadlines: Deadlines) -> Error {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Versions {
            #[serde(rename = "MinAPIVersion")]
            oldest: String,
        }

        let versions = match self.ask(Method::GET, "/version", deadlines).await {
            Ok(response) => response.json::<Versions>().await.ok(),
            Err(_) => None,
        };
        let engine = match versions {
            Some(versions) => format!("{} to {newest}", versions.oldest),
            None => format!("up to {newest}"),
        };
        let (oldest, ours) = (Version::OLDEST, Version::NEWEST);
        let message = format!("the engine speaks API {engine}, and longshore {oldest} to {ours}");
        Error::new(ErrorKind::Version, message).with_hint("Docker 20.10 is the oldest supported engine")
    }

    async fn ask(self: &Arc<Self>, method: Method, path: &'static str, deadlines: Deadlines) -> Result<Response> {
        let request = self.request(method, path, &[]).versioned(false);
        let (head, body) = exchange(&request, None, deadlines).await?;
        Ok(Response::new(head, body, request.label()))
    }
}
