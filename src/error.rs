//! [`Error`]: what went wrong, where, and what to do about it.

use std::error::Error as StdError;
use std::fmt;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of this crate: what failed, in which call, and why, with the engine's own message where there is one.
///
/// Test it with predicates such as [`is_not_found`](Error::is_not_found), or match on [`kind`](Error::kind). The text
/// of [`Display`](fmt::Display) is for people and may change. It includes the cause, and never a secret. The cause is
/// also available from [`source`](StdError::source).
///
/// # Errors of every call
/// Each call documents its own errors under `# Errors`. In addition, any call can fail with these:
///
/// | predicate or kind | meaning |
/// |---|---|
/// | [`is_connect`](Error::is_connect) | no engine is reachable, or access to it is denied; nothing was sent |
/// | [`is_timeout`](Error::is_timeout) | one of the [`Limits`](crate::Limits) or a deadline was reached; the engine may still continue |
/// | [`is_invalid`](Error::is_invalid) | an argument is invalid: refused here before anything was changed, or by the engine |
/// | [`is_version`](Error::is_version) | the engine's API lacks a setting that you made (nothing was sent), or is not supported |
/// | [`ErrorKind::Interrupted`] | the connection closed early; the engine may or may not have processed the request |
/// | [`ErrorKind::Decode`] | the server is not an engine, or does not follow the API's documentation |
/// | [`ErrorKind::TooLarge`] | the response is larger than the call reads into memory |
/// | [`status`](Error::status) of 500 | the engine failed; its message says why |
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
    /// The call that failed: `POST /containers/web/start`.
    call: Option<String>,
    message: String,
    status: Option<u16>,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The longest message in bytes. A server may send one of any length.
const MAX_MESSAGE: usize = 4 << 10;
/// The longest name of a call, and the longest hint, in bytes.
const MAX_CALL: usize = 1 << 10;

/// Cuts a text that is too long.
fn bounded(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

/// The kinds of failure of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is invalid, or does not fit the object that the call is for. Nothing was changed. Most arguments are
    /// checked before anything is sent. Some calls read the object first, such as
    /// [`mapped_port`](crate::container::Container::mapped_port).
    Input,
    /// The environment, a configuration file or a host is invalid or not supported. Nothing was sent.
    Config,
    /// Connecting to the engine failed, or the connection closed before anything was sent.
    Connect,
    /// One of the [`Limits`](crate::Limits) was reached, or the deadline of a [`Converge`](crate::service::Converge), or
    /// the time that [`Exec::wait`](crate::exec::Exec::wait) gives a process to start.
    Timeout,
    /// The connection closed before the response was complete, or the engine ended an archive early. The engine may or
    /// may not have processed the request.
    Interrupted,
    /// Reading the [`Upload`](crate::Upload) failed, or its length did not match the announced one. The engine may have
    /// processed a part of it.
    Upload,
    /// A file or directory of this machine, which a call copies from or to, cannot be read or written. The
    /// [`source`](StdError::source) is the [`std::io::Error`].
    LocalFile,
    /// The engine responded with an error status. See [`Error::status`].
    Status,
    /// The engine reported an error inside a stream that had started successfully.
    Stream,
    /// A swarm service did not reach its desired state. See [`Service::converge`](crate::service::Service::converge).
    NotConverged,
    /// The response does not follow the API's documentation.
    Decode,
    /// The engine's API is too old or too new, for this crate or for a parameter that was set.
    Version,
    /// The response is larger than this call reads into memory. Methods that read a file or collect output document
    /// their limit, and what to use instead. For all others it is 1 GiB for a response, also as a list in memory, and 16 MiB
    /// for each record of a stream, which no engine sends.
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

    /// Copies the error for another call that waited for it. The source stays with the original.
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

    /// Adds which call failed, unless it is already known.
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

    /// Replaces the message. Removes the cause, whose text the old one had.
    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = bounded(message.into(), MAX_MESSAGE);
        self.0.source = None;
        self
    }

    /// Adds the cause. The message must contain its text too, for programs that print only the error.
    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the status code of the response, or of an error inside a stream. `None` if there is none.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the method and path of the call that failed: `POST /containers/web/start`. `None` outside of a call.
    #[must_use]
    pub fn call(&self) -> Option<&str> {
        self.0.call.as_deref()
    }

    /// Returns the engine's message if it sent one, otherwise this crate's own description. Leaves out the call, the status
    /// code and the hint.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns whether the named object does not exist (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(404)
    }

    /// Returns whether the current state forbids the call (409): the name is in use, the container is running, the
    /// volume is mounted.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.status == Some(409)
    }

    /// Returns whether credentials are missing or invalid (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.0.status == Some(401)
    }

    /// Returns whether the call is forbidden (403): by the engine, or by a registry to the owner of the credentials.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(403)
    }

    /// Returns whether an argument is invalid: refused here before anything was changed, or by the engine (400).
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.0.kind == ErrorKind::Input || self.0.status == Some(400)
    }

    /// Returns whether the call requires an active swarm manager, and the engine is none: it is in no swarm, is a worker,
    /// or is locked. Engines report this with 503, and for overlay networks with 403. Docker 20.10 reports
    /// the latter with 500.
    ///
    /// Retrying helps only if a manager has just started.
    #[must_use]
    pub fn is_no_swarm_manager(&self) -> bool {
        let says = |words: &[&str]| words.iter().any(|words| self.0.message.contains(words));
        matches!(self.0.status, Some(403 | 500 | 503))
            && says(&["is not a swarm manager", "is not part of a swarm", "Swarm is encrypted"])
    }

    /// Returns whether a swarm object was changed after it was read. Read it again, and apply your change to the new state.
    #[must_use]
    pub fn is_out_of_sequence(&self) -> bool {
        self.0.message.contains("update out of sequence")
    }

    /// Returns whether something cannot be removed because it is in use: an image or a volume by a container, or a
    /// swarm's secret, config or network by a service. Engines report this with 400, 403 or 409.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        let says = |words: &[&str]| words.iter().any(|words| self.0.message.contains(words));
        matches!(self.0.status, Some(400 | 403 | 409))
            && says(&["in use", "is using its referenced image", "being used", "is using", "has active endpoints"])
    }

    /// Returns whether one of the [`Limits`](crate::Limits) was reached, or the deadline of a
    /// [`Converge`](crate::service::Converge), or the time that [`Exec::wait`](crate::exec::Exec::wait) gives a process to
    /// start.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Returns whether connecting to the engine failed. Nothing was sent.
    ///
    /// Behind `ssh://`, one case looks the same: `ssh` fails after it has sent the first request of a new connection, and before
    /// any response. The engine may have processed that request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns whether the engine's API lacks a setting that you made, or this crate does not support its versions.
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

/// A cause with a bounded `Debug`: it may hold the engine's message too.
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
    fn no_swarm_manager_is_told_by_words_whatever_the_status() {
        let none = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect";
        let worker = "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.";
        let locked = "Swarm is encrypted and needs to be unlocked before it can be used.";
        for (status, message, expected) in [
            (503, none, true),
            (403, none, true), // an overlay network, Docker 28.5
            (500, none, true), // an overlay network, Docker 20.10
            (503, worker, true),
            (503, locked, true),
            (503, "This node is not part of a swarm", true), // to leave it
            (503, "node is not part of a swarm", true),      // Podman
            (503, "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm", false),
            (503, "You are attempting to leave the swarm on a node that is participating as a manager.", false),
            (404, none, false),
            (500, "rpc error: code = Unknown desc = The swarm does not have a leader.", false),
        ] {
            let error = Error::new(ErrorKind::Status, message).with_status(status);
            assert_eq!(error.is_no_swarm_manager(), expected, "{status} {message}");
        }
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
