//! Being told of calls: to count them, to time them, to trace them.

use crate::endpoint::Endpoint;
use crate::{ErrorKind, Version};
use std::fmt;
use std::time::Duration;

/// Is told of each call that a client sends, and of the head of its answer: to count and to time them.
///
/// It learns what may be known: no name, no query, no header and no body. It is called between two steps of a call and must
/// not block.
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
    /// A call begins.
    fn begins(&self, call: &Observed<'_>) {
        let _ = call;
    }

    /// The head of its answer has come, or it has failed. What streams may take longer.
    fn answered(&self, call: &Observed<'_>) {
        let _ = call;
    }
}

/// What may be known of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// `POST`
    pub method: &'a str,
    /// The path as the API's reference has it: `/containers/{id}/start`.
    pub template: &'a str,
    /// The engine that it goes to.
    pub endpoint: &'a Endpoint,
    /// The API version that it is made in, once that is known; `None` outside of any.
    pub version: Option<Version>,
    /// The status of its answer.
    pub status: Option<u16>,
    /// Why it failed, if it did; a status that is an error is a failure too.
    pub error: Option<ErrorKind>,
    /// How long it took until the head of its answer; zero when it begins.
    pub duration: Duration,
}
