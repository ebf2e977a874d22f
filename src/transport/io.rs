//! The byte stream beneath a connection, which remembers what its connection has to know of it.

use super::socket::Socket;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::net::TcpStream;
#[cfg(feature = "tls-no-provider")]
use tokio_rustls::client::TlsStream;

pub(crate) enum Stream {
    #[cfg(unix)]
    Unix(hyperlocal::UnixStream),
    Tcp(TokioIo<TcpStream>),
    #[cfg(feature = "tls-no-provider")]
    Tls(TokioIo<Box<TlsStream<TcpStream>>>),
    Custom(TokioIo<Box<dyn Socket>>),
}

/// What happened on a stream, for the connection that hyper has wrapped around it.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Bytes written of the request: of any, the peer may have seen a part.
    written: AtomicU64,
    /// The next read asks the kernel whether the peer has closed, instead of tokio's last knowledge of it.
    probe: AtomicBool,
}

impl Activity {
    pub(super) fn begin_request(&self) {
        self.written.store(0, Ordering::Relaxed);
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(super) fn probe_on_next_read(&self) {
        self.probe.store(true, Ordering::Relaxed);
    }
}

pub(super) struct Io {
    stream: Stream,
    activity: Arc<Activity>,
    /// The peer takes nothing more of a request; it may have answered before it stopped.
    deaf: bool,
    /// No HTTP is spoken any more: whoever writes is told if the peer takes nothing more.
    switched: bool,
}

impl Io {
    pub(super) fn new(stream: Stream, activity: Arc<Activity>) -> Self {
        Self { stream, activity, deaf: false, switched: false }
    }

    pub(super) fn switch_protocols(&mut self) {
        self.switched = true;
    }

    /// Whether the peer has closed. A write to a unix socket fails at once then, with nothing sent; one to TCP would not.
    fn peer_has_closed(&self) -> bool {
        let mut byte = [std::mem::MaybeUninit::uninit()];
        match &self.stream {
            Stream::Tcp(tcp) => matches!(socket2::SockRef::from(tcp.inner()).peek(&mut byte), Ok(0)),
            // Whatever TLS has to say now, it is not an answer: most likely that it ends.
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(tls) => socket2::SockRef::from(tls.inner().get_ref().0).peek(&mut byte).is_ok(),
            _ => false,
        }
    }
}

impl Read for Io {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        if self.activity.probe.swap(false, Ordering::Relaxed) && self.peer_has_closed() {
            return Poll::Ready(Ok(())); // nothing read: the end
        }
        let read = match &mut self.stream {
            #[cfg(unix)]
            Stream::Unix(stream) => Read::poll_read(Pin::new(stream), cx, buffer),
            Stream::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Custom(stream) => Pin::new(stream).poll_read(cx, buffer),
        };
        match read {
            // A peer that closes before it has read everything resets the connection, behind the end of its answer.
            Poll::Ready(Err(error)) if self.deaf && is_closing(&error) => Poll::Ready(Ok(())),
            read => read,
        }
    }
}

impl Io {
    /// Counts what was written. If the peer has stopped to read, writing waits for ever, so that its answer is read: an
    /// engine refuses an upload in the middle of it. Without an answer, reading comes to the end next.
    fn note(&mut self, cx: &Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(written)) => {
                self.activity.written.fetch_add(written as u64, Ordering::Relaxed);
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) if !self.switched && is_closing(&error) => {
                self.deaf = true;
                cx.waker().wake_by_ref(); // to read
                Poll::Pending
            }
            other => other,
        }
    }
}

/// Whether an error says that the peer has closed.
pub(super) fn is_closing(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

impl Write for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.deaf {
            return Poll::Pending;
        }
        let written = match &mut self.stream {
            #[cfg(unix)]
            Stream::Unix(stream) => Write::poll_write(Pin::new(stream), cx, bytes),
            Stream::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Custom(stream) => Pin::new(stream).poll_write(cx, bytes),
        };
        self.note(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.deaf {
            return Poll::Pending;
        }
        let written = match &mut self.stream {
            #[cfg(unix)]
            Stream::Unix(stream) => tokio::io::AsyncWrite::poll_write_vectored(Pin::new(stream), cx, pieces),
            Stream::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
            Stream::Custom(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
        };
        self.note(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            #[cfg(unix)]
            Stream::Unix(stream) => tokio::io::AsyncWrite::is_write_vectored(stream),
            Stream::Tcp(stream) => stream.is_write_vectored(),
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(stream) => stream.is_write_vectored(),
            Stream::Custom(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.deaf {
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            #[cfg(unix)]
            Stream::Unix(stream) => Write::poll_flush(Pin::new(stream), cx),
            Stream::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Custom(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            #[cfg(unix)]
            Stream::Unix(stream) => Write::poll_shutdown(Pin::new(stream), cx),
            Stream::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(feature = "tls-no-provider")]
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Custom(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
