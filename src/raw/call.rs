//! [`Raw`]: a call of any method and path.

use super::RawResponse;
use crate::request::{FRAMING, Method, Request, call, send};
use crate::{Docker, Result, Upload};
use serde::Serialize;
use std::fmt::Display;

impl Docker {
    /// Sends a request with any method and path, for operations that this crate has no method for, such as those of a
    /// newer API.
    ///
    /// Takes a method and the segments of a path. Connections, limits and errors are those of every other call, and the
    /// path begins with the negotiated API version. Segments are escaped, but a `/` in a segment starts a new one. Empty
    /// segments, `.` and `..` are refused.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /plugins/vieux/sshfs:latest/enable?timeout=30", "200"),
    /// # ]);
    /// let name = "vieux/sshfs:latest";
    /// let response = docker.raw("POST", ["plugins", name, "enable"]).query("timeout", 30).await?;
    /// assert_eq!(response.status(), 200);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the method, a segment, a header or the body is invalid.
    /// Nothing was sent then. A status code that is not a success is an error, as for all calls.
    pub fn raw<S: AsRef<str>>(&self, method: &str, path: impl IntoIterator<Item = S>) -> Raw {
        let segments: Vec<_> = path.into_iter().collect();
        let path: Vec<_> = segments.iter().map(AsRef::as_ref).collect();
        // Methods are upper case, and CONNECT is for proxies only.
        let parsed = Method::from_bytes(method.as_bytes()).ok();
        let is_method = |method: &Method| {
            *method != Method::CONNECT && method.as_str().bytes().all(|letter| letter.is_ascii_uppercase())
        };
        let request = match parsed.filter(is_method) {
            Some(method) => self.client().raw_request(method, &path),
            None => self
                .client()
                .raw_request(Method::GET, &path)
                .refuse(format!("invalid HTTP method {method:?}: expected one such as GET or POST")),
        };
        Raw(if segments.is_empty() { request.refuse("a path is needed, such as [\"plugins\", name]") } else { request })
    }
}

/// A call of [`Docker::raw`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Raw(Request);

impl Raw {
    /// Adds a query parameter, which is escaped. Repeated parameters are all sent.
    pub fn query(self, name: impl Into<String>, value: impl Display) -> Self {
        Self(self.0.query_also(name.into(), value))
    }

    /// Sets a header. Errors and `Debug` never show its value.
    ///
    /// The headers that are part of HTTP framing are refused: `connection`, `content-length` and `transfer-encoding`.
    /// For `upgrade` use [the setter](Self::upgrade).
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into().to_ascii_lowercase();
        if FRAMING.contains(&name.as_str()) {
            return Self(self.0.refuse(format!("the header {name} cannot be set: the client sets it itself")));
        }
        Self(self.0.header(name, value.into()))
    }

    /// Sets the body to JSON. Default: no body.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.json(body))
    }

    /// Sets the body to an upload with this content type. The bytes are sent as they are produced.
    pub fn upload(self, content_type: impl AsRef<str>, body: impl Into<Upload>) -> Self {
        Self(self.0.upload(content_type.as_ref(), body))
    }

    /// Asks the engine to switch to another protocol, such as `tcp` or `h2c`. [`RawResponse::upgrade`] returns the
    /// connection. Default: no upgrade.
    pub fn upgrade(self, protocol: impl Into<String>) -> Self {
        Self(self.0.upgrade(protocol.into()))
    }

    /// Sets whether the path begins with the API version. If `false`, none is negotiated for the call. Defaults to `true`.
    pub fn versioned(self, versioned: bool) -> Self {
        Self(self.0.versioned(versioned))
    }
}

call!(Raw => RawResponse, answered);

async fn answered(request: Request) -> Result<RawResponse> {
    send(request).await.map(RawResponse::new)
}
