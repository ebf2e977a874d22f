//! The byte stream of a connection, with what the connection must know of it.

use super::socket::Socket;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::net::TcpStream;

/// A socket that may know more about its peer than tokio does.
pub(super) trait Stream: Socket {
    /// Returns whether the peer has closed the connection or sent something. Either makes an idle connection unusable.
    ///
    /// tokio knows only the last event that the runtime has seen. Writing to a unix socket whose peer has closed fails
    /// at once, with nothing sent. Writing to TCP does not, so the kernel is asked there.
    fn has_input(&self) -> bool {
        false
    }
}

#[cfg(unix)]
impl Stream for hyperlocal::UnixStream {}

impl Stream for Box<dyn Socket> {}

impl Stream for TcpStream {
    fn has_input(&self) -> bool {
        socket2::SockRef::from(self).peek(&mut [MaybeUninit::uninit()]).is_ok()
    }
}

#[cfg(feature = "tls-no-provider")]
impl Stream for tokio_rustls::client::TlsStream<TcpStream> {
    fn has_input(&self) -> bool {
        self.get_ref().0.has_input()
    }
}

/// The state of a stream, shared with the connection that hyper wraps around it.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Bytes of the request that were written. The peer may have seen a part of them.
    written: AtomicU64,
    /// Whether the peer has ever responded on this connection.
    heard: AtomicBool,
    /// Whether the next read first checks [`Stream::has_input`].
    probe: AtomicBool,
    /// Whether HTTP is over, so that writing fails once the peer stops reading.
    upgraded: AtomicBool,
}

impl Activity {
    pub(super) fn start_request(&self) {
        self.written.store(0, Ordering::Relaxed);
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(super) fn heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    pub(super) fn probe_on_next_read(&self) {
        self.probe.store(true, Ordering::Relaxed);
    }

    pub(super) fn set_upgraded(&self) {
        self.upgraded.store(true, Ordering::Relaxed);
    }
}

/// The stream that hyper reads and writes.
pub(super) struct EngineStream {
    io: TokioIo<Box<dyn Stream>>,
    activity: Arc<Activity>,
    /// Whether the peer has stopped reading the request. It may have responded before.
    refused: bool,
}

impl EngineStream {
    pub(super) fn new(stream: Box<dyn Stream>, activity: Arc<Activity>) -> Self {
        Self { io: TokioIo::new(stream), activity, refused: false }
    }

    /// Counts the bytes written. If the peer has stopped reading, writing stays pending so that hyper reads the
    /// response: an engine may refuse an upload before its end. Without a response, reading reaches the end next.
    fn track(&mut self, cx: &Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(written)) => {
                self.activity.written.fetch_add(written as u64, Ordering::Relaxed);
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) if is_closing(&error) && !self.activity.upgraded.load(Ordering::Relaxed) => {
                self.refused = true;
                cx.waker().wake_by_ref(); // so that hyper reads
                Poll::Pending
            }
            other => other,
        }
    }
}

/// Returns whether an error means that the peer has closed the connection.
pub(super) fn is_closing(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

impl Read for EngineStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        if self.activity.probe.swap(false, Ordering::Relaxed) && self.io.inner().has_input() {
            return Poll::Ready(Ok(())); // an empty read is the end
        }
        match Pin::new(&mut self.io).poll_read(cx, buffer) {
            // A peer that closes before it has read everything resets the connection, after its response.
            Poll::Ready(Err(error)) if self.refused && is_closing(&error) => Poll::Ready(Ok(())),
            Poll::Ready(Ok(())) => {
                self.activity.heard.store(true, Ordering::Relaxed);
                Poll::Ready(Ok(()))
            }
            read => read,
        }
    }
}

impl Write for EngineStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.refused {
            return Poll::Pending;
        }
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.track(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.refused {
            return Poll::Pending;
        }
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, buffers);
        self.track(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.refused {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
