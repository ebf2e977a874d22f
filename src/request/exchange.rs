//! Sending a request once its version is known.

use super::builder::{Payload, Request};
use crate::transport::{AnswerBody, Deadlines, RequestBody};
use crate::{Error, Result, Version};
use bytes::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::http::response;
use hyper::{Method, Uri};
use std::sync::PoisonError;

const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("longshore/", env!("CARGO_PKG_VERSION")));
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Sends the request and gives the head of whatever answer comes. Its errors do not name the call yet.
pub(super) async fn exchange(
    request: &Request,
    version: Option<Version>,
    deadlines: Deadlines,
) -> Result<(response::Parts, AnswerBody)> {
    request.client.pool.send(|| message(request, version), request.repeat(), deadlines).await
}

fn message(request: &Request, version: Option<Version>) -> Result<hyper::Request<RequestBody>> {
    let base = request.client.pool.target.base();
    let filters = request.filters.to_json();
    let text = match version {
        Some(version) => request.target.write(format_args!("{base}/v{version}"), filters.as_deref()),
        None => request.target.write(base, filters.as_deref()),
    };
    let uri = Uri::from_maybe_shared(Bytes::from(text))
        .map_err(|error| Error::input(format!("the request's path and query cannot be sent: {error}")))?;
    let body = body(&request.body)?;
    let length = hyper::body::Body::size_hint(&body).exact();
    let mut message = hyper::Request::new(body);
    *message.method_mut() = request.method.clone();
    *message.uri_mut() = uri;
    let headers = message.headers_mut();
    headers.extend(request.client.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
    headers.insert(header::HOST, request.client.authority.clone());
    headers.insert(header::USER_AGENT, USER_AGENT);
    if let Payload::Json(_) = request.body {
        headers.insert(header::CONTENT_TYPE, JSON);
    }
    // Engines take a POST of unknown length for one with a body, and refuse it.
    let has_body = matches!(request.method, Method::POST | Method::PUT);
    if let Some(length) = length.filter(|length| *length > 0 || has_body) {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    for (name, value) in &request.headers {
        headers.insert(name, value.clone());
    }
    Ok(message)
}

fn body(payload: &Payload) -> Result<RequestBody> {
    match payload {
        Payload::None => Ok(Bytes::new().into()),
        Payload::Json(json) => Ok(json.clone().into()),
        Payload::Upload(upload) => match upload.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(upload) => Ok(upload.into_body()),
            None => Err(Error::input("the body of this call was sent already, by a clone of it")),
        },
    }
}
