//! Sends a request once its API version is known.

use super::builder::{Payload, Request};
use crate::transport::{Deadlines, RequestBody, ResponseBody, in_memory};
use crate::{Error, Result, Upload, Version};
use bytes::Bytes;
use hyper::body::Body;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::http::response;
use hyper::{Method, Uri};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Sends the request and returns the head of any response. Errors do not name the call yet.
pub(super) async fn exchange(
    request: &Request,
    version: Option<Version>,
    deadlines: Deadlines,
) -> Result<(response::Parts, ResponseBody)> {
    if let Payload::Upload(upload) = &request.body {
        Box::pin(open(upload, deadlines)).await?;
    }
    request.client.pool.send(|| message(request, version), request.retry(), deadlines).await
}

/// Opens the file of an upload, whose length goes into the request's head.
async fn open(upload: &Mutex<Option<Upload>>, deadlines: Deadlines) -> Result<()> {
    let Some(unopened) = take(upload) else { return Ok(()) };
    let opened = deadlines.preparing("opening the file", unopened.open()).await?;
    *upload.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
    Ok(())
}

fn take(upload: &Mutex<Option<Upload>>) -> Option<Upload> {
    upload.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Converts the request for hyper.
fn message(request: &Request, version: Option<Version>) -> Result<hyper::Request<RequestBody>> {
    let mut message = hyper::Request::new(body(&request.body)?);
    *message.method_mut() = request.method.clone();
    *message.uri_mut() = uri(request, version)?;
    let length = message.body().size_hint().exact();
    let headers = message.headers_mut();
    headers.clone_from(&request.client.headers);
    if matches!(request.body, Payload::Json(_)) {
        headers.insert(CONTENT_TYPE, JSON);
    }
    // Engines refuse a POST of unknown length, as they assume that it has a body.
    let has_body = matches!(request.method, Method::POST | Method::PUT);
    if let Some(length) = length.filter(|length| *length > 0 || has_body) {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    for (name, _) in &request.headers {
        headers.remove(name); // replaces that of the client
    }
    for (name, value) in &request.headers {
        headers.append(name, value.clone());
    }
    Ok(message)
}

/// Builds the path and query: `/v1.41/containers/web/stop?t=5`.
fn uri(request: &Request, version: Option<Version>) -> Result<Uri> {
    let mut text = String::with_capacity(128);
    text.push_str(request.client.pool.target.base());
    if let Some(version) = version {
        // Writing to a String cannot fail.
        let _ = write!(text, "/v{version}");
    }
    request.target.write(&mut text, version, request.filters.to_json().as_deref());
    Uri::from_maybe_shared(Bytes::from(text))
        .map_err(|error| Error::input(format!("the path and query of the request cannot be sent: {error}")))
}

fn body(payload: &Payload) -> Result<RequestBody> {
    match payload {
        Payload::None => Ok(in_memory(Bytes::new())),
        Payload::Json(json) => Ok(in_memory(json.clone())),
        Payload::Upload(upload) => match take(upload) {
            Some(upload) => Ok(upload.into_body()),
            None => Err(Error::input("the body of this call was already sent by a clone of it")),
        },
    }
}
