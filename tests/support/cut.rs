//! A connection that breaks when a test wants it to.

use longshore::{Connect, Connecting};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;

/// Connects to a unix socket. Once `now` is set, what is read next is lost, and its connection.
#[derive(Clone, Debug)]
pub struct Cutting {
    path: String,
    now: Arc<AtomicBool>,
}

impl Cutting {
    /// `None` if the engine is elsewhere.
    pub fn of(host: &str) -> Option<Self> {
        Some(Self { path: host.strip_prefix("unix://")?.to_owned(), now: Arc::default() })
    }

    pub fn cut(&self) {
        self.now.store(true, Ordering::SeqCst);
    }
}

impl Connect for Cutting {
    fn connect(&self) -> Connecting<'_> {
        Box::pin(async {
            let socket = UnixStream::connect(&self.path).await?;
            Ok(Box::new(Cut { socket, now: self.now.clone() }) as _)
        })
    }
}

#[derive(Debug)]
struct Cut {
    socket: UnixStream,
    now: Arc<AtomicBool>,
}

impl AsyncRead for Cut {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buffer);
        if read.is_ready() && self.now.swap(false, Ordering::SeqCst) {
            buffer.set_filled(before);
            return Poll::Ready(Err(std::io::ErrorKind::ConnectionReset.into()));
        }
        read
    }
}

impl AsyncWrite for Cut {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
