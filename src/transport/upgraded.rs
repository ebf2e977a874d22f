//! A connection after the engine switched protocols: a byte stream in both directions, without HTTP.

use super::limits::{Deadlines, Timer, timed_out};
use hyper_util::rt::TokioIo;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// A byte stream in both directions, under the limits of its call. Shutting down the writing side leaves the reading
/// side open. Dropping it closes both.
pub(crate) struct Upgraded {
    io: TokioIo<hyper::upgrade::Upgraded>,
    deadlines: Deadlines,
    /// When bytes were last read or written.
    last: Instant,
    reading: Timer,
    writing: Timer,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Upgraded {
    pub(super) fn new(
        upgraded: hyper::upgrade::Upgraded,
        deadlines: Deadlines,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let (io, last) = (TokioIo::new(upgraded), Instant::now());
        Self { io, deadlines, last, reading: Timer::default(), writing: Timer::default(), _permit: permit }
    }

    /// Returns the limits of the call.
    pub(crate) fn deadlines(&self) -> Deadlines {
        self.deadlines
    }

    /// Does not count among the connections whose number is limited.
    #[cfg(feature = "buildkit")]
    pub(crate) fn uncounted(self) -> Self {
        Self { _permit: None, ..self }
    }

    fn check(&self) -> io::Result<()> {
        self.deadlines.overdue().map_or(Ok(()), |error| Err(io::Error::new(io::ErrorKind::TimedOut, error)))
    }

    fn poll_limit(&mut self, cx: &mut Context<'_>, timer: fn(&mut Self) -> &mut Timer) -> Poll<io::Error> {
        loop {
            let Some((at, limit)) = self.deadlines.next_chunk(self.last) else { return Poll::Pending };
            ready!(timer(self).poll(cx, at));
            // Bytes read or written meanwhile have moved the limit.
            if self.deadlines.next_chunk(self.last) == Some((at, limit)) {
                let error = timed_out(limit, "waiting on the attached connection");
                return Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, error));
            }
        }
    }

    fn poll_written(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.last = Instant::now();
        }
        self.poll_done(cx, written)
    }

    /// Waits for what is written no longer than the limits allow. A flush that has nothing to do is no activity.
    fn poll_done<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match done {
            Poll::Pending => Poll::Ready(Err(ready!(self.poll_limit(cx, |own| &mut own.writing)))),
            done @ Poll::Ready(_) => done,
        }
    }
}

impl AsyncRead for Upgraded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        match Pin::new(&mut self.io).poll_read(cx, buffer) {
            Poll::Pending => Poll::Ready(Err(ready!(self.poll_limit(cx, |own| &mut own.reading)))),
            Poll::Ready(result) => {
                self.last = Instant::now();
                Poll::Ready(result)
            }
        }
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.poll_written(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, buffers);
        self.poll_written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        let flushed = Pin::new(&mut self.io).poll_flush(cx); // TLS keeps bytes until the peer takes them
        self.poll_done(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        let shut_down = Pin::new(&mut self.io).poll_shutdown(cx);
        self.poll_done(cx, shut_down)
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgraded").finish_non_exhaustive()
    }
}
