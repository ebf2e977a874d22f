//! Converts error responses.

use super::engine_error::{MAX_ERROR, of_body};
use super::response::Response;
use crate::{Error, ErrorKind, Limits, Result, Version};
use hyper::StatusCode;

/// Lets successful responses pass: 2xx, 101, and 304, which means that there was nothing to do.
pub(crate) async fn check(response: Response, limits: Limits) -> Result<Response> {
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED || status == StatusCode::SWITCHING_PROTOCOLS {
        return Ok(response);
    }
    // Boxed, to keep the future of a successful call small.
    Err(Box::pin(read(response, limits)).await)
}

/// Reads the error from a response.
async fn read(response: Response, limits: Limits) -> Error {
    let status = response.status();
    let location = response.header("Location").map(str::to_owned);
    // Boxed, because it is rare and would enlarge the future of each call.
    let (text, label) = Box::pin(response.into_text(MAX_ERROR, limits)).await;
    let error = match location.filter(|_| status.is_redirection()) {
        Some(_) => {
            let message =
                "the response is a redirection, which no engine's API needs: is there an engine at this address?";
            Error::new(ErrorKind::Status, message).with_status(status.as_u16())
        }
        None => of_body(status.as_u16(), &text),
    };
    with_advice(error).in_call(|| label)
}

fn with_advice(error: Error) -> Error {
    if error.is_version() {
        let (oldest, newest) = (Version::OLDEST, Version::NEWEST);
        return error.with_hint(format!("longshore speaks API {oldest} to {newest}"));
    }
    if error.message().contains("HTTP request to an HTTPS server") {
        return error.with_hint("this port speaks TLS, and plain text was sent to it");
    }
    error
}
