//! A request on its way out.

use super::io::{Io, is_closing};
use super::request_body::{BoxStream, RequestBody};
use bytes::{Buf, Bytes};
use std::fmt::Write;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncWrite;

/// What is still to be written of a request. Its pieces are produced no faster than the peer takes them.
#[derive(Default)]
pub(super) struct Outgoing {
    /// The head; after it, what precedes a chunk. The memory stays from one request to the next.
    head: String,
    /// So much of the head is written.
    head_written: usize,
    piece: Bytes,
    /// What ends a chunk.
    tail: &'static [u8],
    /// What produces further pieces.
    stream: Option<BoxStream>,
    is_chunked: bool,
    /// Written but not flushed: what is beneath may hold it back.
    is_unflushed: bool,
    /// The peer takes nothing more; it may have answered before it stopped.
    is_refused: bool,
    /// Bytes written of the request: of any, the peer may have seen a part.
    written: u64,
}

/// Why a request cannot be written.
pub(super) enum Unwritten {
    /// What was to be sent is not to be had.
    Upload(io::Error),
    Broken(io::Error),
}

impl Outgoing {
    /// Begins a request, whose head `write` writes.
    pub(super) fn begin<E>(&mut self, write: impl FnOnce(&mut String) -> Result<RequestBody, E>) -> Result<(), E> {
        self.head.clear();
        let body = write(&mut self.head)?;
        self.is_chunked = body.length().is_none();
        (self.piece, self.stream) = match body {
            RequestBody::Bytes(bytes) => (bytes, None),
            RequestBody::Stream { stream, .. } => (Bytes::new(), Some(stream)),
        };
        (self.head_written, self.written) = (0, 0);
        Ok(())
    }

    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Keeps no more memory than that.
    pub(super) fn shrink(&mut self, most: usize) {
        if self.head.capacity() > most {
            *self = Self::default();
        }
    }

    /// Whether nothing of the request is left to write, and another one could follow.
    pub(super) fn is_done(&self) -> bool {
        self.is_empty() && self.stream.is_none() && !self.is_unflushed && !self.is_refused
    }

    /// Whether the peer has stopped to read.
    pub(super) fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// Goes as far as it goes now. If the peer has stopped to read, that is no error: an engine refuses an upload in the
    /// middle of it, and says so in its answer.
    #[inline]
    pub(super) fn write(&mut self, io: &mut Io, cx: &mut Context<'_>) -> Result<(), Unwritten> {
        if self.is_done() {
            return Ok(());
        }
        match self.poll_write(io, cx) {
            Poll::Ready(Err(Unwritten::Broken(error))) if is_closing(&error) => {
                (self.is_refused, self.stream) = (true, None);
                Ok(())
            }
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(())) | Poll::Pending => Ok(()),
        }
    }

    fn poll_write(&mut self, io: &mut Io, cx: &mut Context<'_>) -> Poll<Result<(), Unwritten>> {
        while !self.is_refused {
            if !self.is_empty() {
                ready!(self.poll_write_some(io, cx)).map_err(Unwritten::Broken)?;
                continue;
            }
            match self.stream.as_mut().map(|stream| stream.as_mut().poll_next(cx)) {
                None => return self.poll_flush(io, cx),
                Some(Poll::Pending) => {
                    ready!(self.poll_flush(io, cx))?;
                    return Poll::Pending;
                }
                Some(Poll::Ready(Some(Ok(piece)))) => self.begin_piece(piece),
                Some(Poll::Ready(Some(Err(error)))) => {
                    self.stream = None;
                    return Poll::Ready(Err(Unwritten::Upload(error)));
                }
                Some(Poll::Ready(None)) => self.end_pieces(),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn is_empty(&self) -> bool {
        self.head_written == self.head.len() && self.piece.is_empty() && self.tail.is_empty()
    }

    fn begin_piece(&mut self, piece: Bytes) {
        if piece.is_empty() {
            return; // a chunk of nothing would be the last one
        }
        if self.is_chunked {
            self.begin_line();
            // Writing to a String cannot fail.
            let _ = write!(self.head, "{:x}\r\n", piece.len());
            self.tail = b"\r\n";
        }
        self.piece = piece;
    }

    fn end_pieces(&mut self) {
        self.stream = None;
        if self.is_chunked {
            self.begin_line();
            self.head.push_str("0\r\n\r\n");
        }
    }

    fn begin_line(&mut self) {
        self.head.clear();
        self.head_written = 0;
    }

    fn poll_write_some(&mut self, io: &mut Io, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let head = self.head.as_bytes().get(self.head_written..).unwrap_or_default();
        let written = if self.piece.is_empty() && self.tail.is_empty() {
            Pin::new(io).poll_write(cx, head)
        } else {
            let pieces = [IoSlice::new(head), IoSlice::new(&self.piece), IoSlice::new(self.tail)];
            Pin::new(io).poll_write_vectored(cx, &pieces)
        };
        let written = ready!(written)?;
        if written == 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        self.written += written as u64;
        self.is_unflushed = true;
        let of_head = written.min(head.len());
        self.head_written += of_head;
        let of_piece = (written - of_head).min(self.piece.len());
        self.piece.advance(of_piece);
        if of_piece > 0 && self.piece.is_empty() {
            self.piece = Bytes::new(); // frees it
        }
        self.tail = self.tail.get(written - of_head - of_piece..).unwrap_or_default();
        Poll::Ready(Ok(()))
    }

    fn poll_flush(&mut self, io: &mut Io, cx: &mut Context<'_>) -> Poll<Result<(), Unwritten>> {
        if self.is_unflushed {
            ready!(Pin::new(io).poll_flush(cx)).map_err(Unwritten::Broken)?;
            self.is_unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}
