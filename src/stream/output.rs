//! [`OutputStream`]: the output of a process, as it arrives.

use super::chunk::Chunk;
use super::console::Console;
use super::frames::Frames;
use super::pieces::Pieces;
use crate::Result;
use crate::transport::AnswerBody;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// How output is framed. The engine says so by the answer's type; the bytes themselves never tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// A header of 8 bytes precedes each piece.
    Multiplexed,
    /// A terminal's bytes.
    Raw,
}

/// Yields the output of a process, from [`Container::logs`](crate::container::Container::logs),
/// [`Container::attach`](crate::container::Container::attach) or [`Exec::start`](crate::exec::Exec::start).
///
/// Bytes are handed on as they arrive, without being copied. An error that the engine reports on the way, and a stream that
/// breaks off, are `Err` and the last item.
#[must_use = "output is not read unless it is asked for"]
pub struct OutputStream {
    pieces: Option<Pieces>,
    deframer: Deframer,
    piece: Bytes,
    label: String,
}

enum Deframer {
    Frames(Frames),
    Console(Console),
}

impl OutputStream {
    /// With `timestamps`, each line begins with its time, which is taken off.
    pub(crate) fn new((body, label): (AnswerBody, String), framing: Framing, timestamps: bool) -> Self {
        Self::of(Pieces::Body(body), label, framing, timestamps)
    }

    pub(super) fn of(pieces: Pieces, label: String, framing: Framing, timestamps: bool) -> Self {
        let deframer = match framing {
            Framing::Multiplexed => Deframer::Frames(Frames::new(timestamps)),
            Framing::Raw => Deframer::Console(Console::new(timestamps)),
        };
        Self { pieces: Some(pieces), deframer, piece: Bytes::new(), label }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// An error that the engine reports ([`ErrorKind::Stream`](crate::ErrorKind::Stream)), or a connection that ends early
    /// ([`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted)). There is nothing more after it.
    #[inline]
    pub async fn next(&mut self) -> Option<Result<Chunk>> {
        match self.whole() {
            Some(chunk) => Some(Ok(chunk)),
            None => poll_fn(|cx| self.poll_any(cx)).await,
        }
    }

    /// The next chunk if it is here as a whole, which most are.
    #[inline]
    fn whole(&mut self) -> Option<Chunk> {
        match &mut self.deframer {
            Deframer::Frames(frames) => frames.whole(&mut self.piece),
            Deframer::Console(_) => None,
        }
    }

    /// The next chunk, however it is cut.
    #[inline(never)]
    fn poll_any(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk>>> {
        match ready!(self.poll_chunk(cx)) {
            Some(Err(error)) => {
                (self.pieces, self.piece) = (None, Bytes::new());
                Poll::Ready(Some(Err(error.in_call(|| self.label.clone()))))
            }
            other => Poll::Ready(other),
        }
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk>>> {
        let Some(pieces) = &mut self.pieces else { return Poll::Ready(None) };
        loop {
            let chunk = match &mut self.deframer {
                Deframer::Frames(frames) => frames.next(&mut self.piece),
                Deframer::Console(console) => Ok(console.next(&mut self.piece)),
            };
            if let Some(chunk) = chunk.transpose() {
                return Poll::Ready(Some(chunk));
            }
            match ready!(pieces.poll(cx)) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.pieces = None;
                    let last = match &mut self.deframer {
                        Deframer::Frames(frames) => frames.end().map(|()| None),
                        Deframer::Console(console) => Ok(console.end()),
                    };
                    return Poll::Ready(last.transpose());
                }
            }
        }
    }
}

impl fmt::Debug for OutputStream {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputStream").field("call", &self.label).finish_non_exhaustive()
    }
}

impl Stream for OutputStream {
    type Item = Result<Chunk>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.whole() {
            Some(chunk) => Poll::Ready(Some(Ok(chunk))),
            None => self.poll_any(cx),
        }
    }
}
