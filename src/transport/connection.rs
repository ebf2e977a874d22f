//! One HTTP/1.1 connection, driven by the task that uses it.

use super::alarm::Alarm;
use super::buffer::Buffer;
use super::io::{Io, is_closing};
use super::limits::{Deadlines, timed_out};
use super::outgoing::{Outgoing, Unwritten};
use super::request_body::RequestBody;
use crate::http::{Body, Head, Piece};
use crate::{Error, Result};
use bytes::Bytes;
use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll, Waker, ready};
use tokio::runtime::{Handle, Id};

/// What is read at a time, at most.
const READ_AT_MOST: usize = 256 << 10;
/// The memory that a kept connection holds at most.
const KEEP_AT_MOST: usize = 64 << 10;

/// A connection. Whatever is awaited on it reads and writes, as far as that goes.
pub(super) struct Connection {
    io: Io,
    outgoing: Outgoing,
    /// What was read, and not handed on yet.
    buffer: Buffer,
    body: Body,
    /// Another request may follow the answer.
    keeps_alive: bool,
    pub(super) alarm: Alarm,
    /// The runtime whose driver wakes the socket; a call in another one would sleep for ever.
    pub(super) runtime: Id,
}

/// Why there is no answer, or no more of it.
pub(super) enum Failure {
    /// The connection broke.
    Broken {
        /// Not a byte of the request has left: it can be sent again whatever it asks for.
        unsent: bool,
        error: io::Error,
    },
    /// What was to be sent is not to be had.
    Upload(io::Error),
    TimedOut(Error),
    /// There is no request to be sent.
    Input(Error),
}

impl Connection {
    pub(super) fn new(io: Io) -> Box<Self> {
        Box::new(Self {
            io,
            outgoing: Outgoing::default(),
            buffer: Buffer::at_most(READ_AT_MOST),
            body: Body::Over,
            keeps_alive: true,
            alarm: Alarm::default(),
            runtime: Handle::current().id(),
        })
    }

    /// Sends a request, whose head `write` writes, and waits for the head of its answer.
    pub(super) async fn exchange(
        &mut self,
        write: impl FnOnce(&mut String) -> Result<RequestBody>,
        is_head: bool,
        deadlines: &Deadlines,
    ) -> Result<Head, Failure> {
        self.outgoing.begin(write).map_err(Failure::Input)?;
        let mut deadline = deadlines.head();
        let mut written = None;
        let head = poll_fn(|cx| {
            if let Poll::Ready(head) = self.poll_head(cx) {
                return Poll::Ready(head);
            }
            // The limit begins anew as long as the request is still being written: an upload takes its time.
            let mut before = *written.get_or_insert(self.outgoing.written());
            loop {
                let Some((at, limit)) = deadline else { return Poll::Pending };
                ready!(self.alarm.poll(cx, at));
                let now = self.outgoing.written();
                if now == before {
                    return Poll::Ready(Err(Failure::TimedOut(timed_out("no answer from the engine", limit))));
                }
                before = *written.insert(now);
                deadline = deadlines.head();
            }
        });
        let head = head.await?;
        self.body = head.body(is_head).map_err(|malformed| self.broken(malformed.into()))?;
        self.keeps_alive = head.keeps_alive() && !matches!(self.body, Body::UntilClose);
        Ok(head)
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<Head, Failure>> {
        self.write(cx)?;
        loop {
            if !self.buffer.bytes.is_empty() {
                match Head::take(&mut self.buffer.bytes) {
                    Ok(Some(head)) if head.status.is_interim() => continue,
                    Ok(Some(head)) => return Poll::Ready(Ok(head)),
                    Ok(None) => {}
                    Err(malformed) => return Poll::Ready(Err(self.broken(malformed.into()))),
                }
            }
            if !ready!(self.poll_more(cx)).map_err(|error| self.broken(error))? {
                return Poll::Ready(Err(self.broken(io::ErrorKind::UnexpectedEof.into())));
            }
        }
    }

    /// The next piece of the answer's body; `None` at its end.
    #[inline]
    pub(super) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        match self.body.next(&mut self.buffer.bytes) {
            Ok(Piece::Bytes(bytes)) => Poll::Ready(Some(Ok(bytes))),
            Ok(Piece::End) => Poll::Ready(None),
            Ok(Piece::Missing) => self.poll_further_piece(cx),
            Err(malformed) => Poll::Ready(Some(Err(self.broken(malformed.into())))),
        }
    }

    fn poll_further_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        self.write(cx)?;
        loop {
            match self.body.next(&mut self.buffer.bytes) {
                Ok(Piece::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Ok(Piece::End) => return Poll::Ready(None),
                Ok(Piece::Missing) => {}
                Err(malformed) => return Poll::Ready(Some(Err(self.broken(malformed.into())))),
            }
            match ready!(self.poll_more(cx)) {
                Ok(true) => {}
                Ok(false) if self.body.may_end() => self.body = Body::Over,
                Ok(false) => return Poll::Ready(Some(Err(self.broken(io::ErrorKind::UnexpectedEof.into())))),
                Err(error) => return Poll::Ready(Some(Err(self.broken(error)))),
            }
        }
    }

    /// How many bytes of the body are sure to come, as far as was announced.
    pub(super) fn announced(&self) -> u64 {
        self.body.announced()
    }

    /// Bytes written of the request.
    pub(super) fn written(&self) -> u64 {
        self.outgoing.written()
    }

    fn write(&mut self, cx: &mut Context<'_>) -> Result<(), Failure> {
        self.outgoing.write(&mut self.io, cx).map_err(|error| match error {
            Unwritten::Upload(error) => Failure::Upload(error),
            Unwritten::Broken(error) => self.broken(error),
        })
    }

    /// Reads more; `false` if the peer has closed.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        match ready!(self.buffer.poll_read(cx, &mut self.io)) {
            Ok(length) => Poll::Ready(Ok(length > 0)),
            // A peer that closes before it has read everything resets the connection, behind the end of its answer.
            Err(error) if self.outgoing.is_refused() && is_closing(&error) => Poll::Ready(Ok(false)),
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn broken(&self, error: io::Error) -> Failure {
        Failure::Broken { unsent: self.outgoing.written() == 0, error }
    }

    /// Whether another request can be sent: the peer has neither closed nor sent what nobody asked for, as far as can be known.
    pub(super) fn is_free(&mut self) -> bool {
        let nobody = &mut Context::from_waker(Waker::noop());
        !self.io.peer_has_closed() && self.poll_more(nobody).is_pending()
    }

    /// Whether the answer is over and the connection may be kept.
    pub(super) fn is_reusable(&self) -> bool {
        self.keeps_alive && self.outgoing.is_done() && matches!(self.body, Body::Over) && self.buffer.bytes.is_empty()
    }

    /// Makes ready for a while in which nobody uses it: nothing wakes anybody, and little memory is held.
    pub(super) fn rest(&mut self) {
        self.alarm.rest();
        self.buffer.shrink(KEEP_AT_MOST);
        self.outgoing.shrink(KEEP_AT_MOST);
    }

    /// What the connection is once the peer has switched protocols: the socket, and what was read of it already.
    pub(super) fn into_socket(self) -> (Io, Bytes) {
        (self.io, self.buffer.bytes.freeze())
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("body", &self.body).finish_non_exhaustive()
    }
}

/// What a failed connection says.
pub(super) fn describe(error: &io::Error) -> String {
    if is_closing(error) { "the engine closed the connection".to_owned() } else { error.to_string() }
}
