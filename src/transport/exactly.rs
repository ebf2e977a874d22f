//! Holds a stream to the length that was announced of it.

use super::request_body::BoxStream;
use bytes::Bytes;
use futures_core::Stream;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The pieces of a stream, and an error in place of the end if there are fewer bytes than announced, or more.
///
/// What completes the length is held back until the stream ends: the engine would take it for the whole.
pub(super) struct Exactly {
    /// `None` once it is over.
    stream: Option<BoxStream>,
    announced: u64,
    left: u64,
    last: Option<Bytes>,
    /// What it is called if its length is wrong.
    name: String,
}

impl Exactly {
    pub(super) fn new(stream: BoxStream, announced: u64, name: String) -> Self {
        Self { stream: Some(stream), announced, left: announced, last: None, name }
    }

    fn wrong(&self, how: &str) -> io::Error {
        let message = format!("{} is {how} than the {} bytes that were announced", self.name, self.announced);
        io::Error::new(io::ErrorKind::InvalidData, message)
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
        while let Some(piece) = ready!(stream.as_mut().poll_next(cx)?) {
            let length = piece.len() as u64;
            let Some(left) = self.left.checked_sub(length) else {
                return Poll::Ready(Some(Err(self.wrong("longer"))));
            };
            self.left = left;
            if left > 0 {
                return Poll::Ready(Some(Ok(piece)));
            }
            if length > 0 {
                self.last = Some(piece);
            }
        }
        if self.left > 0 {
            return Poll::Ready(Some(Err(self.wrong("shorter"))));
        }
        self.stream = None;
        Poll::Ready(self.last.take().map(Ok))
    }
}

impl Stream for Exactly {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.poll_piece(cx));
        if let Some(Err(_)) = piece {
            self.stream = None;
        }
        Poll::Ready(piece)
    }
}
