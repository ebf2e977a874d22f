//! [`Error`]: what went wrong, where, and what to do about it.

use std::error::Error as StdError;
use std::fmt;

/// The result of everything that can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Says what failed, in which call, and why, in the engine's own words where it has any.
///
/// Ask it with the predicates, such as [`is_not_found`](Error::is_not_found), or match on [`kind`](Error::kind). The text
/// of [`Display`](fmt::Display) is for people and may change; it holds everything that there is to say, the cause
/// included, and never a secret. The cause is also at [`source`](StdError::source).
///
/// # Errors of every call
/// Each call tells under `# Errors` what its own are. Beside them, any call can fail with these:
///
/// | ask | what it means |
/// |---|---|
/// | [`is_connect`](Error::is_connect) | no engine is there, or may not be used; nothing was sent |
/// | [`is_timeout`](Error::is_timeout) | one of the [`Limits`](crate::Limits) was reached; the engine may go on with it |
/// | [`is_invalid`](Error::is_invalid) | an argument is wrong: found here, before anything was sent, or by the engine |
/// | [`is_version`](Error::is_version) | the engine's API lacks something that was set; nothing was sent |
/// | [`ErrorKind::Interrupted`] | the connection broke; the engine may or may not have done it |
/// | [`ErrorKind::Decode`], [`ErrorKind::TooLarge`] | what answered is no engine, or does not keep to its API |
/// | [`status`](Error::status) of 500 | the engine failed; its own words say why |
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
/// # #[tokio::main] async fn main() -> longshore::Result<()> {
/// # let docker = engine(&[("POST /containers/web/stop", r#"404 {"message":"No such container: web"}"#)]);
/// match docker.container("web").stop().await {
///     Err(error) if error.is_not_found() => {} // nothing to stop
///     other => other?,
/// }
/// # Ok(()) }
/// ```
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Inner>);

#[derive(Debug, thiserror::Error)]
struct Inner {
    kind: ErrorKind,
    /// `POST /containers/web/start`
    call: Option<String>,
    message: String,
    status: Option<u16>,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The bytes of a message at most: an engine, or what is in its place, may say as much as it likes.
const MAX_MESSAGE: usize = 4 << 10;
/// The bytes of a call's name at most, and of a hint.
const MAX_CALL: usize = 1 << 10;

/// The beginning of a text that is too long.
fn bounded(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

/// Which kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is wrong; nothing was sent.
    Input,
    /// The environment, a configuration file or a host is wrong or not supported; nothing was sent.
    Config,
    /// No connection to the engine could be made.
    Connect,
    /// One of the [`Limits`](crate::Limits) was reached.
    Timeout,
    /// The connection ended before the answer did; the engine may or may not have done what it was asked.
    Interrupted,
    /// The stream of an [`Upload`](crate::Upload) failed, or was longer or shorter than announced. The engine may have
    /// taken what there was of it.
    Upload,
    /// The engine answered with an error status: see [`Error::status`].
    Status,
    /// The engine reported an error inside a stream that had begun well.
    Stream,
    /// The answer is not what the API documents.
    Decode,
    /// The engine's API is too old or too new, for this crate or for a parameter that was set.
    Version,
    /// The response is larger than 1 GiB, or a record of it is larger than 16 MiB: no engine says as much.
    TooLarge,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = bounded(message.into(), MAX_MESSAGE);
        let inner = Inner { kind, call: None, message, status: None, hint: None, source: None };
        Self(Box::new(inner))
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// The same error for another call that waited for it; the source stays with the first.
    pub(crate) fn shared(&self) -> Self {
        let Inner { kind, call: _, message, status, hint, source: _ } = &*self.0;
        let inner = Inner {
            kind: *kind,
            call: None,
            message: message.clone(),
            status: *status,
            hint: hint.clone(),
            source: None,
        };
        Self(Box::new(inner))
    }

    /// Adds which call failed, unless it is known already.
    pub(crate) fn in_call(mut self, call: impl FnOnce() -> String) -> Self {
        self.0.call.get_or_insert_with(|| bounded(call(), MAX_CALL));
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(bounded(hint.into(), MAX_CALL));
        self
    }

    /// Adds the cause; its text belongs into the message as well, for those who only print the error.
    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status that the engine answered with, or that it gave as the code of an error inside a stream.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The call that failed, as the API's reference names it with its values: `POST /containers/web/start`.
    #[must_use]
    pub fn call(&self) -> Option<&str> {
        self.0.call.as_deref()
    }

    /// What went wrong, without the call, the status and the advice; the engine's own words if they are its.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether the engine does not have what was named (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(404)
    }

    /// Whether the state of things forbids it (409): the name is in use, the container is running, the volume is mounted.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.status == Some(409)
    }

    /// Whether credentials are missing or wrong (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.0.status == Some(401)
    }

    /// Whether it is forbidden (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(403)
    }

    /// Whether an argument is wrong: refused here before anything was sent, or by the engine (400).
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.0.kind == ErrorKind::Input || self.0.status == Some(400)
    }

    /// Whether one of the [`Limits`](crate::Limits) was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Whether no connection to the engine could be made: nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Whether the engine's API lacks what was asked for, or is outside the versions that this crate speaks.
    #[must_use]
    pub fn is_version(&self) -> bool {
        self.0.kind == ErrorKind::Version
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(call) = &self.call {
            write!(f, "{call}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(status) = self.status {
            let reason = hyper::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
            match reason {
                Some(reason) => write!(f, " ({status} {reason})")?,
                None => write!(f, " ({status})")?,
            }
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, call, message, status, hint, source } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("call", call)
            .field("message", message)
            .field("status", status)
            .field("hint", hint)
            .field("source", &source.as_deref().map(Source))
            .finish()
    }
}

/// A cause, whose `Debug` is kept short: it may have the engine's words as well.
struct Source<'a>(&'a (dyn StdError + Send + Sync));

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bounded(format!("{:?}", self.0), MAX_MESSAGE))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn its_texts_have_a_bound() {
        let long = || "é".repeat(10 << 20);
        let error = Error::new(ErrorKind::Stream, long()).with_hint(long()).with_source(long()).in_call(long);
        assert!(error.to_string().len() < 8 << 10 && error.message().ends_with('…'));
        assert!(format!("{error:?}").len() < 16 << 10);
    }

    #[test]
    fn is_one_pointer_wide_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn says_what_where_why_and_what_to_do() {
        let error = Error::new(ErrorKind::Status, "no such image: nginx:1.27")
            .with_status(404)
            .with_hint("pull it first")
            .in_call(|| "POST /containers/create".into());
        assert_eq!(
            error.to_string(),
            "POST /containers/create: no such image: nginx:1.27 (404 Not Found); pull it first"
        );
        assert!(error.is_not_found() && !error.is_conflict());
    }
}
