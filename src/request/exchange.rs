//! Sending a request once its version is known.

use super::builder::{Payload, Request};
use crate::http::{Fields, Head, Method};
use crate::transport::{AnswerBody, Deadlines, RequestBody};
use crate::{Error, Result, Upload, Version};
use bytes::Bytes;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

/// Sends the request and gives the head of whatever answer comes. Its errors do not name the call yet.
pub(super) async fn exchange(
    request: &Request,
    version: Option<Version>,
    deadlines: Deadlines,
) -> Result<(Head, AnswerBody)> {
    if let Payload::Upload(upload) = &request.body {
        Box::pin(open(upload, deadlines)).await?;
    }
    let is_head = request.method == Method::Head;
    let write = |head: &mut String| write(request, version, head);
    request.client.pool.send(write, is_head, request.repeat(), deadlines).await
}

/// Opens the file of an upload: its length is in the head.
async fn open(upload: &Mutex<Option<Upload>>, deadlines: Deadlines) -> Result<()> {
    let Some(unopened) = take(upload) else { return Ok(()) };
    let opened = deadlines.whole("the file could not be opened", unopened.open()).await?;
    *upload.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
    Ok(())
}

fn take(upload: &Mutex<Option<Upload>>) -> Option<Upload> {
    upload.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Writes the head, and gives the body that follows it.
fn write(request: &Request, version: Option<Version>, head: &mut String) -> Result<RequestBody> {
    let body = body(&request.body)?;
    write_line(request, version, head);
    let mut fields = Fields(head);
    let is_set = |name: &str| request.headers.iter().any(|(own, _)| own == name);
    for (name, value) in request.client.headers.iter().filter(|(name, _)| !is_set(name)) {
        fields.write(name, value);
    }
    if matches!(request.body, Payload::Json(_)) && !is_set("content-type") {
        fields.write("content-type", "application/json");
    }
    match body.length() {
        None => fields.write("transfer-encoding", "chunked"),
        // Engines take a POST of unknown length for one with a body, and refuse it.
        Some(0) if !matches!(request.method, Method::Post | Method::Put) => {}
        Some(length) => fields.write("content-length", &length.to_string()),
    }
    for (name, value) in &request.headers {
        fields.write(name, value);
    }
    fields.end();
    Ok(body)
}

/// `POST /v1.41/containers/web/stop?t=5 HTTP/1.1`
fn write_line(request: &Request, version: Option<Version>, head: &mut String) {
    head.push_str(request.method.as_str());
    head.push(' ');
    head.push_str(request.client.pool.target.base());
    if let Some(version) = version {
        // Writing to a String cannot fail.
        let _ = write!(head, "/v{version}");
    }
    request.target.write(head, request.filters.to_json().as_deref());
    head.push_str(" HTTP/1.1\r\n");
}

fn body(payload: &Payload) -> Result<RequestBody> {
    match payload {
        Payload::None => Ok(Bytes::new().into()),
        Payload::Json(json) => Ok(json.clone().into()),
        Payload::Upload(upload) => match take(upload) {
            Some(upload) => Ok(upload.into_body()),
            None => Err(Error::input("the body of this call was sent already, by a clone of it")),
        },
    }
}
