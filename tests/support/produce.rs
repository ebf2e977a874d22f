//! What a test uploads.

use bytes::Bytes;
use futures_core::Stream;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Sleep;

/// A stream of so many pieces; each is made when it is asked for.
pub struct Produce {
    left: u64,
    length: usize,
    every: Option<Duration>,
    pause: Option<Pin<Box<Sleep>>>,
    end: Option<End>,
    made: Arc<AtomicU64>,
}

/// What is in place of a stream's end.
pub enum End {
    Error(io::Error),
    Never,
}

pub fn pieces(count: u64, length: usize) -> Produce {
    Produce { left: count, length, every: None, pause: None, end: None, made: Arc::default() }
}

impl Produce {
    /// Takes so long for each piece.
    pub fn every(mut self, pause: Duration) -> Self {
        self.every = Some(pause);
        self
    }

    pub fn then(mut self, end: End) -> Self {
        self.end = Some(end);
        self
    }

    /// Counts its pieces. Nobody else holds the counter once the stream is dropped.
    pub fn counter(&self) -> Arc<AtomicU64> {
        self.made.clone()
    }
}

impl Stream for Produce {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return match self.end.take() {
                None => Poll::Ready(None),
                Some(End::Error(error)) => Poll::Ready(Some(Err(error))),
                Some(End::Never) => {
                    self.end = Some(End::Never);
                    Poll::Pending
                }
            };
        }
        if let Some(every) = self.every {
            let pause = self.pause.get_or_insert_with(|| Box::pin(tokio::time::sleep(every)));
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        self.left -= 1;
        let number = self.made.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Some(Ok(vec![number.to_le_bytes()[0]; self.length].into())))
    }
}
