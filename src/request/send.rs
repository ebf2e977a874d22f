//! The ways to send a request and read its answer, which calls are defined with.

use super::BoxFuture;
use super::answer::Answer;
use super::builder::Request;
use super::decode::decode_into;
use super::exchange::exchange;
use super::failure;
use super::label::Label;
use super::watch::Watch;
use crate::http::Head;
use crate::transport::AnswerBody;
use crate::wire::{List, Value};
use crate::{Result, Version};
use bytes::Bytes;
use std::pin::Pin;

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
pub(crate) async fn json<T: Value>(request: Request) -> Result<T> {
    let (bytes, label) = whole(request).await?;
    decoded(&bytes, &label)
}

/// Sends a request and decodes its answer, which may be `null`.
pub(crate) async fn json_or_null<T: Value>(request: Request) -> Result<Option<T>> {
    let (bytes, label) = whole(request).await?;
    if bytes.trim_ascii() == b"null" { Ok(None) } else { decoded(&bytes, &label).map(Some) }
}

#[inline]
fn decoded<T: Value>(bytes: &[u8], label: &Label) -> Result<T> {
    let mut value = default::<T>();
    match decode_into(bytes, &mut |reader| value.read(reader)) {
        Ok(()) => Ok(value),
        Err(error) => Err(error.in_call(|| label.to_string())),
    }
}

#[inline(never)] // it is long, and there are several copies of the code of a future
fn default<T: Default>() -> T {
    T::default()
}

/// The whole of an answer. Boxed, and of no type, so that there is one of it for all.
fn whole(request: Request) -> BoxFuture<(Bytes, Label)> {
    Box::pin(async { send(request).await?.whole().await })
}

/// Sends a request and decodes its answer, a list that may be `null`, with elements that may be.
pub(crate) async fn list<T: Value + Send>(request: Request) -> Result<Vec<T>> {
    let mut list = Vec::new();
    elements(request, &mut &mut list).await?;
    Ok(list)
}

fn elements<'a>(
    request: Request,
    list: &'a mut (dyn List + Send),
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async { send(request).await?.list(list).await })
}
