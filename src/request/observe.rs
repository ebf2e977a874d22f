//! Observes calls, to count, time or trace them.

use crate::endpoint::Endpoint;
use crate::{ErrorKind, Version};
use std::fmt;
use std::time::Duration;

/// Observes the start of each call of a client, and the head of its response, its failure or its drop, to count and time calls.
///
/// It sees only what may be logged: no names, query, headers or bodies. Its methods run within the call and must not block.
///
/// ```
/// use longshore::{Docker, Observe, Observed};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// #[derive(Debug, Default)]
/// struct Count(AtomicU64);
///
/// impl Observe for Count {
///     fn answered(&self, call: &Observed<'_>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///         println!("{} {} {:?} in {:?}", call.method, call.template, call.status, call.duration);
///     }
/// }
///
/// let docker = Docker::builder().host("tcp://127.0.0.1:2375").observe(Count::default()).build()?;
/// # Ok::<(), longshore::Error>(())
/// ```
pub trait Observe: fmt::Debug + Send + Sync + 'static {
    /// Called when a call begins.
    fn begins(&self, call: &Observed<'_>) {
        let _ = call;
    }

    /// Called once for each call that began: when the head of the response has arrived, the call has failed, or it was
    /// [dropped](Observed::dropped) before. A streaming body may take longer.
    fn answered(&self, call: &Observed<'_>) {
        let _ = call;
    }
}

/// The facts about a call that may be logged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// The HTTP method, such as `POST`.
    pub method: &'a str,
    /// The path in the API's reference: `/containers/{id}/start`.
    pub template: &'a str,
    /// The engine that the call goes to.
    pub endpoint: &'a Endpoint,
    /// The API version of the call, once it is known. `None` for calls without a version.
    pub version: Option<Version>,
    /// The status code of the response. `None` when the call begins, and if there is no response.
    pub status: Option<u16>,
    /// The kind of error, if the call failed. A status code that is an error counts as a failure.
    pub error: Option<ErrorKind>,
    /// Whether the call was dropped before the head of its response arrived, as by `tokio::time::timeout`. The engine may still
    /// process it.
    pub dropped: bool,
    /// The time until the head of the response arrived, or until the call failed or was dropped. Zero when the call begins.
    pub duration: Duration,
}
