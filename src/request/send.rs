//! The ways to send a request and read its answer, which calls are defined with.

use super::BoxFuture;
use super::answer::Answer;
use super::builder::Request;
use super::exchange::exchange;
use super::failure;
use super::watch::Watch;
use crate::http::Head;
use crate::transport::AnswerBody;
use crate::{Result, Version};
use serde::de::DeserializeOwned;

/// Sends a request, and waits for the head of an answer that is not an error.
///
/// Boxed: the future of each call would have a copy of all this.
pub(crate) fn send(request: Request) -> BoxFuture<Answer> {
    match &request.authorization {
        Some(authorization) => (authorization.send)(request),
        None => Box::pin(send_as_it_is(request)),
    }
}

pub(super) async fn send_as_it_is(request: Request) -> Result<Answer> {
    let watch = Watch::begin(&request);
    let result = match watch.run(begin(&request)).await {
        Ok((head, body)) => failure::check(Answer::new(head, body, request.into_label())).await,
        Err(error) => Err(error.in_call(|| request.label())),
    };
    watch.end(&result);
    result
}

/// The API version that the request will be made in.
pub(crate) async fn version(request: &Request) -> Result<Version> {
    agree(request).await.map_err(|error| error.in_call(|| request.label()))
}

async fn begin(request: &Request) -> Result<(Head, AnswerBody)> {
    let deadlines = request.deadlines();
    request.check()?;
    let version = match request.client.known_version() {
        _ if !request.versioned => None,
        // Boxed, since it is once in a client's life, and would make the future of each call larger.
        None => Some(Box::pin(deadlines.whole("no answer from the engine", agree(request))).await?),
        known => known,
    };
    version.map_or(Ok(()), |version| request.check_gates(version))?;
    exchange(request, version, deadlines).await
}

/// Checks the request, first by itself, then against the version that is spoken.
async fn agree(request: &Request) -> Result<Version> {
    request.check()?;
    let version = match request.client.known_version() {
        Some(version) => version,
        None => request.client.version(request.short_limits()).await?,
    };
    request.check_gates(version).map(|()| version)
}

/// Sends a request whose answer says nothing but that it was done.
pub(crate) async fn unit(request: Request) -> Result<()> {
    send(request).await?.finish().await
}

/// Sends a request and decodes its answer.
pub(crate) async fn json<T: DeserializeOwned>(request: Request) -> Result<T> {
    send(request).await?.json().await
}

/// Sends a request and decodes its answer, a list that may be `null`, with elements that may be.
pub(crate) async fn list<T: DeserializeOwned>(request: Request) -> Result<Vec<T>> {
    send(request).await?.list().await
}
