//! [`Exchange`]: an expected request and its response.

use super::received::ReceivedRequest;
use super::response::Response;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;

/// An expected request and its response, from [`on`].
#[derive(Debug)]
#[must_use = "it is part of a script: see `Engine`"]
pub struct Exchange {
    pub(super) request: String,
    body: Body,
    headers: Vec<(String, String)>,
    pub(super) response: Response,
}

/// The expected body.
#[derive(Debug)]
enum Body {
    Any,
    Bytes(Vec<u8>),
    Json(Value),
}

/// Expects a request with this method and target, such as `GET /containers/json?all=true`.
///
/// If the target has no API version, it matches requests of any version, and is compared with the decoded target:
/// `/containers/a b/json` matches `/v1.56/containers/a%20b/json`. If it has a version, as in `GET /v1.41/containers/json`, it
/// must equal the sent target exactly.
///
/// By default, the request must have no body, and the response is 204 without a body.
pub fn on(request: impl Into<String>) -> Exchange {
    Exchange {
        request: request.into(),
        body: Body::Bytes(Vec::new()),
        headers: Vec::new(),
        response: Response::status(204),
    }
}

impl Exchange {
    /// Expects a body of exactly this JSON, with the fields in any order.
    ///
    /// # Panics
    /// Panics if the value cannot be serialized.
    pub fn with_json(mut self, body: impl Serialize) -> Self {
        self.body = Body::Json(serde_json::to_value(body).expect("the expected body is JSON"));
        self
    }

    /// Expects a body of exactly these bytes, such as an archive.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Bytes(body.into());
        self
    }

    /// Accepts any body, or none.
    pub fn with_any_body(mut self) -> Self {
        self.body = Body::Any;
        self
    }

    /// Expects this header as well. Write its name in lower case.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the response. Defaults to 204, without a body.
    pub fn respond(mut self, response: Response) -> Self {
        self.response = response;
        self
    }

    /// Returns how a request differs from the expected one.
    pub(super) fn check(&self, received: &ReceivedRequest) -> Result<(), String> {
        let request = &self.request;
        if !self.is_line_of(received) {
            return Err(format!("expected {request}\n but got {}", received.line()));
        }
        for (name, value) in &self.headers {
            let header = received.header(name);
            if header != Some(value) {
                return Err(format!("{request}: the header {name} is {header:?}, not {value:?}"));
            }
        }
        match &self.body {
            Body::Any => Ok(()),
            Body::Bytes(expected) if received.body == *expected => Ok(()),
            Body::Bytes(_) => Err(format!("{request}: unexpected body {:?}", String::from_utf8_lossy(&received.body))),
            Body::Json(expected) => {
                let body: Value =
                    serde_json::from_slice(&received.body).map_err(|error| format!("{request}: {error}"))?;
                if received.header("content-type") != Some("application/json") {
                    return Err(format!("{request}: the content type is not JSON"));
                }
                if body == *expected {
                    Ok(())
                } else {
                    Err(format!("{request}: expected\n{expected}\n but got\n{body}"))
                }
            }
        }
    }

    fn is_line_of(&self, received: &ReceivedRequest) -> bool {
        let Some((method, target)) = self.request.split_once(' ') else { return false };
        if target.starts_with("/v1.") {
            return received.line() == self.request;
        }
        let decoded = percent_decode_str(without_version(&received.target)).decode_utf8_lossy();
        received.method == method && (received.target == target || decoded == target)
    }
}

fn without_version(target: &str) -> &str {
    let rest = target.strip_prefix("/v1.").map(|rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    rest.filter(|rest| rest.starts_with('/')).unwrap_or(target)
}
