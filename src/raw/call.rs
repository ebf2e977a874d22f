//! [`Raw`]: a call of any method and path.

use super::RawResponse;
use crate::request::{Method, Request, call, send};
use crate::{Docker, Result, Upload};
use serde::Serialize;
use std::fmt::Display;

/// Headers that HTTP itself needs right, and that are set along with what they tell of.
const FRAMING: [&str; 4] = ["connection", "content-length", "transfer-encoding", "upgrade"];

impl Docker {
    /// Calls whatever the engine has, such as what a plugin adds or a newer API has: a method, and the segments of a path.
    ///
    /// It is like every other call of this crate: connections, limits and errors are the same, and the API version that is
    /// spoken goes before the path. Segments are escaped; a `/` in one separates segments, and an empty one, `.` and `..`
    /// are refused.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /plugins/vieux/sshfs:latest/enable?timeout=30", "200"),
    /// # ]);
    /// let name = "vieux/sshfs:latest";
    /// let answer = docker.raw("POST", ["plugins", name, "enable"]).query("timeout", 30).await?;
    /// assert_eq!(answer.status(), 200);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid): the method, a segment, a header or the body is wrong; nothing was
    /// sent. Whatever the engine answers that is no success is an error, as everywhere.
    pub fn raw<S: AsRef<str>>(&self, method: &str, path: impl IntoIterator<Item = S>) -> Raw {
        let segments: Vec<_> = path.into_iter().collect();
        let path: Vec<_> = segments.iter().map(AsRef::as_ref).collect();
        // Methods are in capitals, and CONNECT is for proxies.
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
    /// Adds a query parameter, which is escaped. One that is set several times is sent several times.
    pub fn query(self, name: impl Into<String>, value: impl Display) -> Self {
        Self(self.0.query_also(name.into(), value))
    }

    /// Sets a header. Its value is in no error and no `Debug`. Those that HTTP itself needs are refused: `connection`,
    /// `content-length`, `transfer-encoding`; `upgrade` has [a setter](Self::upgrade).
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into().to_ascii_lowercase();
        if FRAMING.contains(&name.as_str()) {
            return Self(self.0.refuse(format!("the header {name} is set by what it tells of, and cannot be set")));
        }
        Self(self.0.header(name, value.into()))
    }

    /// Sets the body, to JSON; there is none if not set.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.json(body))
    }

    /// Sets the body, to bytes of a content type, which are sent as they are produced.
    pub fn upload(self, content_type: impl AsRef<str>, body: impl Into<Upload>) -> Self {
        Self(self.0.upload(content_type.as_ref(), body))
    }

    /// Asks the engine to switch to another protocol, such as `tcp` or `h2c`; [`RawResponse::upgrade`] gives the connection.
    /// By default it does not.
    pub fn upgrade(self, protocol: impl Into<String>) -> Self {
        Self(self.0.upgrade(protocol.into()))
    }

    /// Puts no API version before the path; none is agreed upon for it. By default there is one.
    pub fn versioned(self, versioned: bool) -> Self {
        Self(self.0.versioned(versioned))
    }
}

call!(Raw => RawResponse, answered);

async fn answered(request: Request) -> Result<RawResponse> {
    send(request).await.map(RawResponse::new)
}
