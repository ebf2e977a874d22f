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
    pub(super) any_times: bool,
    pub(super) response: Response,
}

/// The expected body.
#[derive(Debug)]
enum Body {
    Any,
    Bytes(Vec<u8>),
    Json(Value),
    /// Objects may have more fields than these.
    Fields(Value),
}

/// Expects a request with this method and target, such as `GET /containers/json?all=true`.
///
/// If the target has no API version, it matches requests of any version, and is compared with the decoded target:
/// `/containers/a b/json` matches `/v1.56/containers/a%20b/json`. The parameters of its query may come in any order. If it has a
/// version, as in `GET /v1.41/containers/json`, it must equal the sent target exactly.
///
/// By default, the request must have no body, and the response is 204 without a body.
pub fn on(request: impl Into<String>) -> Exchange {
    Exchange {
        request: request.into(),
        body: Body::Bytes(Vec::new()),
        headers: Vec::new(),
        any_times: false,
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

    /// Expects a body of JSON with at least these fields. Objects in it may have further fields, and lists must have the same length.
    ///
    /// ```
    /// use longshore::container::ContainerSpec;
    /// use longshore::testing::{Engine, Response, on};
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> longshore::Result<()> {
    /// let create = on("POST /containers/create").with_json_fields(json!({"HostConfig": {"Memory": 1 << 30}}));
    /// let engine = Engine::start([create.respond(Response::text(201, r#"{"Id":"50f1"}"#))]);
    /// engine.client().containers().create(ContainerSpec::new("nginx").env("MODE", "prod").memory("1g")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// Panics if the value cannot be serialized.
    pub fn with_json_fields(mut self, fields: impl Serialize) -> Self {
        self.body = Body::Fields(serde_json::to_value(fields).expect("the expected fields are JSON"));
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

    /// Accepts the request any number of times, or never: from its place in the script on, until the end of the script. For code that
    /// polls.
    ///
    /// When the script reaches a later exchange with the same request, that one comes first.
    ///
    /// ```
    /// use longshore::testing::{Engine, Response, on};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> longshore::Result<()> {
    /// let inspect = |state: &str| on("GET /containers/web/json").respond(Response::text(200, state));
    /// let engine = Engine::start([
    ///     inspect(r#"{"State":{"Running":false}}"#),
    ///     inspect(r#"{"State":{"Running":true}}"#).any_times(),
    ///     on("POST /containers/web/stop"),
    /// ]);
    /// let web = engine.client().container("web");
    /// while !web.inspect().await?.state.running {}
    /// assert!(web.inspect().await?.state.running);
    /// web.stop().await?;
    /// # Ok(()) }
    /// ```
    pub fn any_times(mut self) -> Self {
        self.any_times = true;
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
            Body::Bytes(expected) => {
                let [expected, body] = [expected, &received.body].map(|bytes| String::from_utf8_lossy(bytes));
                Err(format!("{request}: expected the body\n{expected:?}\n but got\n{body:?}"))
            }
            Body::Json(expected) => check_json(received, |body| body == expected)
                .map_err(|why| format!("{request}: expected the JSON\n{expected}\n but {why}")),
            Body::Fields(expected) => check_json(received, |body| has_fields(body, expected))
                .map_err(|why| format!("{request}: expected JSON with the fields\n{expected}\n but {why}")),
        }
    }

    /// Returns whether a request has the method and the target of the expected one.
    pub(super) fn is_line_of(&self, received: &ReceivedRequest) -> bool {
        let Some((method, target)) = self.request.split_once(' ') else { return false };
        if target.starts_with("/v1.") {
            return received.line() == self.request;
        }
        let decoded = percent_decode_str(without_version(&received.target)).decode_utf8_lossy();
        received.method == method && (received.target == target || parts(&decoded) == parts(target))
    }
}

/// Returns the path of a target, and the sorted parameters of its query.
fn parts(target: &str) -> (&str, Vec<&str>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut parameters: Vec<_> = query.split('&').collect();
    parameters.sort_unstable();
    (path, parameters)
}

/// Returns how a request's body is not the expected JSON.
fn check_json(received: &ReceivedRequest, is_expected: impl FnOnce(&Value) -> bool) -> Result<(), String> {
    if received.header("content-type") != Some("application/json") {
        return Err("the content type is not JSON".to_owned());
    }
    match serde_json::from_slice(&received.body) {
        Ok(body) if is_expected(&body) => Ok(()),
        Ok(body) => Err(format!("got\n{body}")),
        Err(error) => Err(format!("got {:?}: {error}", String::from_utf8_lossy(&received.body))),
    }
}

fn has_fields(body: &Value, expected: &Value) -> bool {
    match (body, expected) {
        (Value::Object(body), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| body.get(name).is_some_and(|found| has_fields(found, value)))
        }
        (Value::Array(body), Value::Array(expected)) => {
            body.len() == expected.len() && body.iter().zip(expected).all(|(found, value)| has_fields(found, value))
        }
        _ => body == expected,
    }
}

fn without_version(target: &str) -> &str {
    let rest = target.strip_prefix("/v1.").map(|rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    rest.filter(|rest| rest.starts_with('/')).unwrap_or(target)
}
