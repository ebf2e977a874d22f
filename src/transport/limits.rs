//! [`Limits`]: how long the parts of a call may take.

use crate::{Error, ErrorKind, Result};
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How long the parts of a call may take, on a client for all of its calls or on one call alone.
///
/// What is not set keeps the value that it has elsewhere: a call's limits go before its client's, those before the
/// defaults. `Duration::MAX` is no limit.
///
/// | limit | what it bounds | default |
/// |---|---|---|
/// | [`connect`](Limits::connect) | making a connection | 10 s |
/// | [`head`](Limits::head) | from the request to the status line of its answer | 2 min |
/// | [`idle`](Limits::idle) | the time between two pieces of the answer's body | 2 min |
/// | [`whole`](Limits::whole) | the call, to the end of its answer | none |
///
/// Waiting for an exit, events and followed logs may be silent for any time: of a client's limits and the defaults only
/// `connect` holds for them. Set on such a call itself, each of them does.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    /// Sets nothing yet.
    pub const fn new() -> Self {
        Self { connect: None, head: None, idle: None, whole: None }
    }

    /// Bounds making a connection, name resolution included; by default 10 s.
    pub const fn connect(mut self, limit: Duration) -> Self {
        self.connect = Some(limit);
        self
    }

    /// Bounds the time from sending the request to the head of the answer; by default 2 min.
    pub const fn head(mut self, limit: Duration) -> Self {
        self.head = Some(limit);
        self
    }

    /// Bounds the time between two pieces of the answer's body; by default 2 min.
    pub const fn idle(mut self, limit: Duration) -> Self {
        self.idle = Some(limit);
        self
    }

    /// Bounds the call from its start to the end of its answer; by default it is not bounded.
    pub const fn whole(mut self, limit: Duration) -> Self {
        self.whole = Some(limit);
        self
    }

    /// These limits, and where nothing is set, the others.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            connect: self.connect.or(others.connect),
            head: self.head.or(others.head),
            idle: self.idle.or(others.idle),
            whole: self.whole.or(others.whole),
        }
    }

    /// Only the limit of connecting: what holds for a call that may be silent for any time.
    pub(crate) fn only_connect(self) -> Self {
        Self { connect: self.connect, ..Self::new() }
    }

    /// The same with a head limit that is longer by `more`, and so is the whole.
    pub(crate) fn extended(self, more: Duration) -> Self {
        let extend = |limit: Option<Duration>| limit.map(|limit| limit.saturating_add(more));
        Self { head: extend(self.head), whole: extend(self.whole), ..self }
    }
}

/// The limits of one call that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    limits: Limits,
    /// When the whole call has to be over, and the limit that says so.
    whole: Option<(Instant, Duration)>,
}

impl Deadlines {
    /// Those of a call that begins now, or began then. The clock is read only where a limit needs it.
    pub(crate) fn starting(begun: Option<Instant>, limits: Limits) -> Self {
        let begun = || begun.unwrap_or_else(Instant::now);
        let whole = limits.whole.and_then(|limit| Some((begun().checked_add(limit)?, limit)));
        Self { limits, whole }
    }

    pub(crate) async fn connecting<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.bound(self.limits.connect, "no connection to the engine", work).await
    }

    /// When the head of the answer has to be there, if the limit begins now.
    pub(crate) fn head(&self) -> Option<(Instant, Duration)> {
        let own = self.limits.head.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        earlier(own, self.whole)
    }

    /// What precedes the request: it has its own limits, and belongs to the whole call.
    pub(crate) async fn whole<T>(&self, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.bound(None, what, work).await
    }

    async fn bound<T>(&self, limit: Option<Duration>, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let own = limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        let Some((at, limit)) = earlier(own, self.whole) else { return work.await };
        match tokio::time::timeout_at(at, work).await {
            Ok(result) => result,
            Err(_) => Err(timed_out(what, limit)),
        }
    }

    /// When the body's next piece has to be there, if it is waited for since then.
    pub(crate) fn next_piece(&self, since: Instant) -> Option<(Instant, Duration)> {
        let own = self.limits.idle.and_then(|limit| Some((since.checked_add(limit)?, limit)));
        earlier(own, self.whole)
    }
}

fn earlier(a: Option<(Instant, Duration)>, b: Option<(Instant, Duration)>) -> Option<(Instant, Duration)> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.0 < a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}

pub(super) fn timed_out(what: &str, limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("{what} within {limit:?}"))
}
