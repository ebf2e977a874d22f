//! The ways to send a request and read its answer, which calls are defined with.

use super::answer::Answer;
use super::builder::Request;
use super::exchange::exchange;
use super::failure;
use crate::Result;
use crate::transport::Deadlines;
use serde::de::DeserializeOwned;

/// Sends a request, and waits for the head of an answer that is not an error.
pub(crate) async fn send(request: Request) -> Result<Answer> {
    let label = request.label();
    match begin(request).await {
        Ok(answer) => failure::check(answer).await,
        Err(error) => Err(error.in_call(|| label)),
    }
}

async fn begin(request: Request) -> Result<Answer> {
    request.check()?;
    let deadlines = Deadlines::starting_now(request.effective_limits());
    if !request.versioned {
        return exchange(request, None, deadlines).await;
    }
    let version = match request.client.known_version() {
        Some(version) => version,
        None => deadlines.whole(request.client.version(request.short_limits())).await?,
    };
    request.check_gates(version)?;
    exchange(request, Some(version), deadlines).await
}

/// Sends a request whose answer says nothing but that it was done.
pub(crate) async fn unit(request: Request) -> Result<()> {
    send(request).await?.finish().await
}

/// Sends a request and decodes its answer.
pub(crate) async fn json<T: DeserializeOwned>(request: Request) -> Result<T> {
    send(request).await?.json().await
}
