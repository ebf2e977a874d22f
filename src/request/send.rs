//! The functions that send a request and read its response, for the definitions of calls.

use super::BoxFuture;
use super::builder::Request;
use super::decode::decode_object;
use super::exchange::exchange;
use super::failure;
use super::label::Label;
use super::response::Response;
use super::watch::Watch;
use crate::transport::{ResponseBody, Retry};
use crate::{Error, ErrorKind, Result, Version};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::http::response;
use serde::de::DeserializeOwned;

/// Sends a request and waits for the head of a successful response.
///
/// Boxed, because otherwise the future of each call would hold a copy of all this.
pub(crate) fn send(mut request: Request) -> BoxFuture<Response> {
    request.begin(); // before anything is tried twice
    match &request.authorization {
        Some(authorization) => (authorization.send)(request),
        None => Box::pin(send_as_it_is(request)),
    }
}

pub(super) async fn send_as_it_is(request: Request) -> Result<Response> {
    let watch = Watch::begin(&request);
    let result = watch.run(respond(&request)).await;
    watch.end(&result);
    result
}

/// Sends the request. Retries once if the engine was replaced by one that refuses the negotiated version. That is safe,
/// as the engine refused the request before doing anything.
async fn respond(request: &Request) -> Result<Response> {
    let known = request.client.known_version();
    let result = send_once(request).await;
    let is_version = |error: &Error| error.is_version() && error.status() == Some(400);
    let is_outdated = request.versioned && known.is_some() && result.as_ref().is_err_and(is_version);
    if is_outdated && request.client.forget_version() && request.retry() != Retry::Never {
        return Box::pin(send_once(request)).await;
    }
    result
}

async fn send_once(request: &Request) -> Result<Response> {
    let (head, body) = begin(request).await.map_err(|error| error.in_call(|| request.label().to_string()))?;
    let response = Response::new(head, body, request.label());
    let response = failure::check(response, request.client.default_limits()).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS && !request.upgrades {
        return Err(response.failure(Error::new(ErrorKind::Decode, "the peer switched protocols without being asked")));
    }
    Ok(response)
}

/// Returns the API version that the request will use.
pub(crate) async fn version(request: &Request) -> Result<Version> {
    agree(request).await.map_err(|error| error.in_call(|| request.label().to_string()))
}

async fn begin(request: &Request) -> Result<(response::Parts, ResponseBody)> {
    let deadlines = request.deadlines();
    request.check()?;
    let version = if request.versioned {
        match request.client.known_version() {
            // Boxed, because it happens once per client and would enlarge the future of each call.
            None => Some(Box::pin(agree(request)).await?),
            known => known,
        }
    } else {
        None
    };
    version.map_or(Ok(()), |version| request.check_gates(version))?;
    exchange(request, version, deadlines).await
}

/// Checks the request, first by itself, then against the negotiated API version.
async fn agree(request: &Request) -> Result<Version> {
    request.check()?;
    let version = request.client.version(request.negotiation_deadlines()).await?;
    request.check_gates(version).map(|()| version)
}

/// Sends a request whose response has no relevant body.
pub(crate) async fn unit(request: Request) -> Result<()> {
    send(request).await?.finish().await
}

/// Sends a request and decodes its response.
pub(crate) async fn json<T: DeserializeOwned>(request: Request) -> Result<T> {
    let (bytes, label) = whole(request).await?;
    decode_object(&bytes).map_err(|error| error.in_call(|| label.to_string()))
}

/// Reads the whole response. Boxed and not generic, so that all calls share it.
pub(super) fn whole(request: Request) -> BoxFuture<(Bytes, Label)> {
    Box::pin(async { send(request).await?.whole().await })
}

/// Sends a request and decodes its response, a list that may be `null` or have elements that are.
pub(crate) async fn list<T: DeserializeOwned>(request: Request) -> Result<Vec<T>> {
    send(request).await?.list().await
}
