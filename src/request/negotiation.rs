//! Which API version is spoken: asked once, at the first call.

use super::answer::Answer;
use super::client::Client;
use super::exchange::exchange;
use super::failure;
use crate::http::{Method, Status};
use crate::transport::Deadlines;
use crate::wire;
use crate::{Error, ErrorKind, Limits, Result, Version};
use std::sync::Arc;

impl Client {
    /// The version that is spoken, if that is agreed upon already.
    pub(super) fn known_version(&self) -> Option<Version> {
        self.version.get().copied()
    }

    /// The version that is spoken: the pinned one, or the newest that both sides know.
    pub(crate) async fn version(self: &Arc<Self>, limits: Limits) -> Result<Version> {
        // Boxed, since it is once in a client's life, and would make the future of each call larger.
        self.version.get_or_try_init(|| Box::pin(self.negotiate(limits))).await.copied()
    }

    /// Asks `/_ping` for the engine's newest version: HEAD, then GET for what does not answer HEAD with 200.
    async fn negotiate(self: &Arc<Self>, limits: Limits) -> Result<Version> {
        let answer = match self.ask(Method::Head, "_ping", limits).await {
            Ok(answer) if answer.status() == Status::OK => answer,
            Err(error) if error.is_connect() || error.is_timeout() => return Err(error),
            _ => self.ask(Method::Get, "_ping", limits).await?,
        };
        let Some(newest) = answer.header("Api-Version").map(str::to_owned) else {
            // A proxy may have taken the header off. What is not an engine says so itself.
            return failure::check(answer).await?.finish().await.map(|()| Version::OLDEST);
        };
        answer.finish().await.ok(); // the header is what matters, also beside a status of 500
        let newest: Version = newest
            .parse()
            .map_err(|_| Error::new(ErrorKind::Decode, format!("the engine's Api-Version {newest:?} is no version")))?;
        if newest < Version::OLDEST {
            return Err(self.too_old(newest, limits).await);
        }
        Ok(newest.min(Version::NEWEST))
    }

    /// Names both ranges; the engine's oldest version is only in `/version`.
    async fn too_old(self: &Arc<Self>, newest: Version, limits: Limits) -> Error {
        #[derive(Default)]
        struct Versions {
            oldest: String,
        }

        wire::object! { decode Versions { "MinAPIVersion" => oldest required, } }

        let versions = match self.ask(Method::Get, "version", limits).await {
            Ok(answer) => answer.json::<Versions>().await.ok(),
            Err(_) => None,
        };
        let engine = match versions {
            Some(versions) => format!("{} to {newest}", versions.oldest),
            None => format!("up to {newest}"),
        };
        let (oldest, ours) = (Version::OLDEST, Version::NEWEST);
        let message = format!("the engine speaks API {engine}, and longshore {oldest} to {ours}");
        Error::new(ErrorKind::Version, message).with_hint("Docker 20.10 is the oldest engine that it works with")
    }

    async fn ask(self: &Arc<Self>, method: Method, path: &str, limits: Limits) -> Result<Answer> {
        let request = self.request_unversioned(method, &[path]);
        let (head, body) = exchange(&request, None, Deadlines::starting(None, limits)).await?;
        Ok(Answer::new(head, body, request.into_label()))
    }
}
