//! [`Changes`]: events that serve as hints to read the state again.

use crate::stream::JsonStream;
use crate::system::{Event, Events};
use std::future::pending;
use std::time::Duration;
use tokio::time::timeout;

/// A stream of engine events that serve as hints to read the state again.
pub(in crate::deploy) struct Changes(Option<JsonStream<Event>>);

impl Changes {
    /// Opens the stream. If the engine refuses, only the time limits of the waits are left.
    pub(in crate::deploy) async fn of(events: Events) -> Self {
        Self(events.await.ok())
    }

    /// Returns whether the stream has ended.
    pub(in crate::deploy) fn are_lost(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the next event, if it comes within this time.
    pub(in crate::deploy) async fn next_within(&mut self, limit: Duration) -> Option<Event> {
        let next = async {
            match &mut self.0 {
                Some(events) => events.next().await,
                None => pending().await,
            }
        };
        match timeout(limit, next).await {
            Ok(Some(Ok(event))) => return Some(event),
            Ok(Some(Err(_)) | None) => self.0 = None,
            Err(_) => {}
        }
        None
    }
}
