//! [`ReconnectingEvents`]: events that continue after a lost connection.

use super::event::Event;
use super::events::Events;
use crate::stream::JsonStream;
use crate::{Error, ErrorKind, Result, Timestamp};
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;

/// The number of attempts to reconnect, with growing pauses of about 20 seconds in total.
const TRIES: u32 = 9;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// A connection that stays open for longer has succeeded, even if no event arrives.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// A stream of events that reconnects when the connection closes; see [`Events::reconnecting`].
///
/// It fails with the last error after about 20 seconds without an engine. It also fails if the engine ends each connection at
/// once for that long.
#[must_use = "events are not read unless they are asked for"]
pub struct ReconnectingEvents {
    events: Events,
    state: State,
    /// The time of the newest event, and all events of that time, to detect duplicates.
    last: Option<(Timestamp, Vec<Event>)>,
    /// Set after a reconnection, until it is known whether the engine remembers the last event. Older events are
    /// duplicates in this time alone: engines do not send events in the order of their times.
    resuming: bool,
    put_back: Option<Event>,
    /// The attempts to reconnect since the last new event, or since a connection stayed open for a while.
    tries: u32,
}

enum State {
    Open { stream: Box<JsonStream<Event>>, since: Instant },
    Opening(Pin<Box<dyn Future<Output = Result<JsonStream<Event>>> + Send>>),
    Over,
}

/// An item of [`ReconnectingEvents`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Happening {
    /// An event.
    Event(Box<Event>),
    /// The connection was lost, and the engine may no longer remember all events since. Events between `since` and the
    /// next event may be missing. Inspect the objects themselves to learn their current state.
    Gap {
        /// The time of the newest event before the gap; `None` if no event had arrived before it.
        since: Option<Timestamp>,
    },
}

impl Events {
    /// Opens the stream, and reconnects when the connection closes. Yields no event twice, and reports when events may
    /// be missing.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::system::Happening;
    ///
    /// let mut events = docker.events().reconnecting().await?;
    /// while let Some(happening) = events.next().await {
    ///     match happening? {
    ///         Happening::Event(event) => println!("{} {}", event.kind, event.action.kind),
    ///         Happening::Gap { since } => println!("events since {since:?} may be missing"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// Of the [limits](Self::limits) that you set on the call, `whole` ends the stream with an error: it bounds all connections
    /// together. The others bound each connection. A connection that is silent for `idle` counts as lost.
    ///
    /// # Errors
    /// Those of [`Docker::events`](crate::Docker::events), for the first connection.
    pub async fn reconnecting(self) -> Result<ReconnectingEvents> {
        let events = self.begun();
        let first = events.clone().await?;
        Ok(ReconnectingEvents::new(events, first))
    }
}

impl ReconnectingEvents {
    fn new(events: Events, first: JsonStream<Event>) -> Self {
        Self { events, state: State::open(first), last: None, resuming: false, put_back: None, tries: 0 }
    }

    /// Returns the next event, or a report that events may be missing. Returns `None` after the time set by
    /// [`Events::until`].
    ///
    /// # Errors
    /// The engine's error, or the reason why it cannot be reached. [`ErrorKind::Decode`] or [`ErrorKind::TooLarge`] for an
    /// event that does not follow the API's documentation. The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<Happening>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Records an event. Returns `None` for a duplicate.
    fn take(&mut self, event: Event) -> Option<Happening> {
        let time = event.time();
        match (&mut self.last, time) {
            (Some((last, _)), Some(time)) if time < *last => {
                if self.resuming {
                    return None;
                }
            }
            (Some((last, of_that_time)), Some(time)) if time == *last => {
                if of_that_time.contains(&event) {
                    self.resuming = false; // the engine remembers it, so nothing after it is missing
                    return None;
                }
                of_that_time.push(event.clone());
            }
            (last, Some(time)) => {
                if self.resuming {
                    self.resuming = false;
                    let since = last.as_ref().map(|(time, _)| *time);
                    self.put_back = Some(event);
                    return Some(Happening::Gap { since });
                }
                *last = Some((time, vec![event.clone()]));
            }
            (_, None) => {}
        }
        Some(Happening::Event(Box::new(event)))
    }

    /// Reconnects, unless the stream is complete, the error is final, or the attempts are used up.
    fn reopen(&mut self, why: Option<Error>) -> Option<Error> {
        let is_idle = why.as_ref().is_some_and(Error::is_timeout) && matches!(self.state, State::Open { .. });
        if is_idle || self.state.is_open_for(LONGEST_PAUSE) {
            self.tries = 0;
        }
        let is_complete = why.is_none() && self.events.0.until.is_some_and(|until| Timestamp::now() >= until);
        let is_final = why.as_ref().is_some_and(|error| !self.may_pass(error));
        if is_complete || is_final || self.tries >= TRIES {
            self.state = State::Over;
            return why.or_else(|| (!is_complete).then(|| self.keeps_ending()));
        }
        let pause =
            if self.tries == 0 { Duration::ZERO } else { (FIRST_PAUSE * 2_u32.pow(self.tries - 1)).min(LONGEST_PAUSE) };
        self.tries += 1;
        self.resuming = self.last.is_some();
        let events = match &self.last {
            Some((time, _)) => self.events.clone().since(*time),
            None => self.events.clone(),
        };
        self.state = State::Opening(Box::pin(async move {
            events.0.pause(pause).await?;
            events.into_future().await
        }));
        None
    }

    /// Returns whether reconnecting may succeed after this error.
    fn may_pass(&self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Connect | ErrorKind::Interrupted => true,
            ErrorKind::Timeout => !self.events.0.is_overdue(),
            // An engine that is starting responds with 503 for a while, a proxy in front of it with any of these.
            _ => matches!(error.status(), Some(502..=504)),
        }
    }

    fn keeps_ending(&self) -> Error {
        let error = Error::new(ErrorKind::Interrupted, "the engine keeps ending the stream of events");
        let error = match self.events.0.until {
            Some(_) => error.with_hint("is the engine's clock ahead of this host's, so that `until` is over there?"),
            None => error,
        };
        self.events.0.failure(error)
    }
}

impl State {
    fn open(stream: JsonStream<Event>) -> Self {
        Self::Open { stream: Box::new(stream), since: Instant::now() }
    }

    /// Returns whether the connection has been open for longer than this.
    fn is_open_for(&self, time: Duration) -> bool {
        matches!(self, Self::Open { since, .. } if since.elapsed() > time)
    }
}

impl Stream for ReconnectingEvents {
    type Item = Result<Happening>;

    #[inline] // generates code only in crates that follow it
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(happening) = self.put_back.take().and_then(|event| self.take(event)) {
                return Poll::Ready(Some(Ok(happening)));
            }
            let failed = match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Open { stream, .. } => match ready!(Pin::new(&mut **stream).poll_next(cx)) {
                    Some(Ok(event)) => match self.take(event) {
                        Some(happening) => {
                            self.tries = 0;
                            return Poll::Ready(Some(Ok(happening)));
                        }
                        None => continue, // the engine repeats the last event on each connection
                    },
                    Some(Err(error)) => Some(error),
                    None => None,
                },
                State::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(stream) => {
                        self.state = State::open(stream);
                        if self.last.is_none() && !self.events.0.has_since() {
                            return Poll::Ready(Some(Ok(Happening::Gap { since: None })));
                        }
                        continue;
                    }
                    Err(error) => Some(error),
                },
            };
            if let Some(error) = self.reopen(failed) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

crate::stream::iterable!(ReconnectingEvents);

impl fmt::Debug for ReconnectingEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReconnectingEvents").field("events", &self.events).finish_non_exhaustive()
    }
}
