//! [`Limits`]: timeouts for the parts of a call.

use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, Sleep};

/// Timeouts for the parts of a call, set on a client for all of its calls or on a single call.
///
/// A call's limits override its client's, which override the defaults. `Duration::MAX` means no limit. A call that reaches
/// a limit fails with [`Error::is_timeout`].
///
/// | limit | bounds | default |
/// |---|---|---|
/// | [`connect`](Limits::connect) | making a connection | 10 seconds |
/// | [`head`](Limits::head) | from the request to the head of its response | 2 minutes |
/// | [`idle`](Limits::idle) | the time between two chunks of the response's body | 2 minutes |
/// | [`whole`](Limits::whole) | the call, to the end of its response | none |
///
/// The engine may be silent for any time in some calls: waiting for an exit, events, followed logs and builds. Of the
/// client's limits and the defaults, only `connect` applies to them. For attached processes (`attach`, `exec`), `head`
/// applies as well. A limit that you set on such a call itself always applies, even after the engine has switched
/// protocols. The body of an error obeys `idle` in every call. The guide lists [the limits of each call](crate::guide::timeouts).
///
/// ```
/// use longshore::{Docker, Limits};
/// use std::time::Duration;
///
/// # async fn example() -> longshore::Result<()> {
/// let limits = Limits::new().connect(Duration::from_secs(2)).head(Duration::from_secs(30));
/// let docker = Docker::builder().limits(limits).build()?;
/// docker.ping().limits(Limits::new().whole(Duration::from_millis(500))).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[must_use]
pub struct Limits {
    connect: Option<Duration>,
    head: Option<Duration>,
    idle: Option<Duration>,
    whole: Option<Duration>,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        connect: Some(Duration::from_secs(10)),
        head: Some(Duration::from_secs(120)),
        idle: Some(Duration::from_secs(120)),
        whole: None,
    };

    /// Creates limits without any value: each keeps the client's value or the default.
    pub const fn new() -> Self {
        Self { connect: None, head: None, idle: None, whole: None }
    }

    /// Bounds making a connection, including name resolution. Defaults to 10 seconds.
    ///
    /// For `ssh://` hosts it becomes the `ConnectTimeout` of `ssh`, in whole seconds. That ends before authentication, which
    /// counts as waiting for the response: see [`head`](Self::head).
    pub const fn connect(mut self, limit: Duration) -> Self {
        self.connect = Some(limit);
        self
    }

    /// Bounds the time from sending the request to the head of the response. Defaults to 2 minutes.
    pub const fn head(mut self, limit: Duration) -> Self {
        self.head = Some(limit);
        self
    }

    /// Bounds the time between two chunks of the response's body. Defaults to 2 minutes.
    pub const fn idle(mut self, limit: Duration) -> Self {
        self.idle = Some(limit);
        self
    }

    /// Bounds the call from its start to the end of its response. Default: no limit.
    pub const fn whole(mut self, limit: Duration) -> Self {
        self.whole = Some(limit);
        self
    }

    /// Returns these limits, with unset ones taken from `others`.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            connect: self.connect.or(others.connect),
            head: self.head.or(others.head),
            idle: self.idle.or(others.idle),
            whole: self.whole.or(others.whole),
        }
    }

    /// Returns the client's limits for a call whose response may be silent for any time.
    pub(crate) fn only_connect(self) -> Self {
        Self { connect: self.connect, ..Self::new() }
    }

    /// Returns the client's limits for a call after which the engine switches protocols.
    pub(crate) fn until_head(self) -> Self {
        Self { idle: None, whole: None, ..self }
    }

    pub(crate) fn idle_limit(self) -> Option<Duration> {
        self.idle
    }

    /// Returns whether the whole call is limited.
    pub(crate) fn has_whole(self) -> bool {
        self.whole.is_some()
    }

    /// Extends all limits but `connect`.
    pub(crate) fn extended(self, by: Duration) -> Self {
        let extend = |limit: Option<Duration>| limit.map(|limit| limit.saturating_add(by));
        Self { head: extend(self.head), idle: extend(self.idle), whole: extend(self.whole), ..self }
    }
}

/// The time when a limit is reached, and the limit.
type Deadline = (Instant, Duration);

/// The running limits of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    limits: Limits,
    whole: Option<Deadline>,
}

impl Deadlines {
    /// Starts the limits of a call now, or at an earlier time. Reads the clock only if a limit needs it.
    pub(crate) fn starting(began: Option<Instant>, limits: Limits) -> Self {
        let began = || began.unwrap_or_else(Instant::now);
        let whole = limits.whole.and_then(|limit| Some((began().checked_add(limit)?, limit)));
        Self { limits, whole }
    }

    /// Adds an `idle` limit, unless there is one.
    pub(crate) fn with_idle(self, limit: Option<Duration>) -> Self {
        Self { limits: Limits { idle: self.limits.idle.or(limit), ..self.limits }, ..self }
    }

    /// Subtracts time that has already been spent from the head limit.
    pub(crate) fn after_waiting(self, waited: Duration) -> Self {
        let head = self.limits.head.map(|limit| limit.saturating_sub(waited));
        Self { limits: Limits { head, ..self.limits }, ..self }
    }

    /// Applies the `connect` limit to `work`. `what` completes the message "timed out after 10s …".
    pub(crate) async fn connecting<T>(&self, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.bound(self.limits.connect, what, work).await
    }

    /// Returns the `connect` limit, for a program that connects by itself.
    pub(crate) fn connect_limit(&self) -> Option<Duration> {
        self.limits.connect
    }

    /// Applies the `head` limit to `work`.
    pub(crate) async fn waiting<T>(&self, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.bound(self.limits.head, what, work).await
    }

    /// Applies the `idle` limit to `work`, which waits for the next part of the response.
    #[cfg(feature = "buildkit")]
    pub(crate) async fn idling<T>(&self, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.bound(self.limits.idle, what, work).await
    }

    /// Applies the limit of the whole call to `work`, such as what precedes the request.
    pub(crate) async fn preparing<T>(&self, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.bound(None, what, work).await
    }

    async fn bound<T>(&self, limit: Option<Duration>, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let own = limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        let Some((at, limit)) = earlier(own, self.whole) else { return work.await };
        match tokio::time::timeout_at(at, work).await {
            Ok(result) => result,
            Err(_) => Err(timed_out(limit, what)),
        }
    }

    /// Returns the deadline of the response's head if the limit starts now.
    pub(super) fn head(&self) -> Option<Deadline> {
        let own = self.limits.head.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        earlier(own, self.whole)
    }

    /// Returns the deadline of the next chunk, given when waiting for it started.
    pub(super) fn next_chunk(&self, since: Instant) -> Option<Deadline> {
        let own = self.limits.idle.and_then(|limit| Some((since.checked_add(limit)?, limit)));
        earlier(own, self.whole)
    }

    /// Returns whether this time ends the whole call, which nothing postpones.
    pub(super) fn is_whole(&self, at: Instant) -> bool {
        self.whole.is_some_and(|(whole, _)| whole <= at)
    }

    /// Returns whether the whole call is limited, so that each item has to check the clock.
    pub(crate) fn bound_the_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Returns the timeout of the whole call once it is reached, even if more data is available.
    pub(crate) fn overdue(&self) -> Option<Error> {
        let (at, limit) = self.whole?;
        (Instant::now() >= at).then(|| timed_out(limit, "before the response was complete"))
    }
}

fn earlier(a: Option<Deadline>, b: Option<Deadline>) -> Option<Deadline> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.0 < a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}

pub(super) fn timed_out(limit: Duration, what: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("timed out after {limit:?} {what}"))
}

/// A timer that is allocated on first use.
///
/// It follows a connection to another runtime: the one that it was made on may be gone, and its timers panic then.
#[derive(Debug, Default)]
pub(super) struct Timer(Option<(Id, Pin<Box<Sleep>>)>);

impl Timer {
    /// Waits until the time is `at`.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, at: Instant) -> Poll<()> {
        let here = Handle::try_current().map(|runtime| runtime.id()).ok();
        let made_on = self.0.as_ref().map(|(runtime, _)| *runtime);
        if let Some(runtime) = here.filter(|runtime| made_on != Some(*runtime)) {
            self.0 = Some((runtime, Box::pin(tokio::time::sleep_until(at))));
        }
        // On a thread without a runtime only a timer that was made before can wake anybody.
        let Some((_, sleep)) = &mut self.0 else { return Poll::Pending };
        if sleep.deadline() > at {
            sleep.as_mut().reset(at);
        }
        // The timer may still be set to the past limit of a previous call. Resetting it for each call would cost more
        // than a ping.
        while sleep.as_mut().poll(cx).is_ready() {
            if sleep.deadline() >= at {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(at);
        }
        Poll::Pending
    }

    /// Makes sure that the timer wakes nobody before this time.
    pub(super) fn rest_until(&mut self, time: Instant) {
        if self.0.as_ref().is_some_and(|(_, sleep)| sleep.deadline() < time) {
            self.0 = None;
        }
    }
}
