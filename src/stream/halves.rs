//! The two halves of an attached connection. Dropping the half that writes ends the input of the process.

use crate::transport::Socket;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The half that reads.
pub(super) struct ReadHalf(Connection);

/// The half that writes. Dropping it shuts it down.
///
/// TLS and a WebSocket keep bytes that the peer does not take at once. The other half then sends them, as dropping must not
/// block.
pub(super) struct WriteHalf(Connection);

#[derive(Clone)]
struct Connection(Arc<Mutex<Shared>>);

struct Shared {
    socket: Box<dyn Socket>,
    /// Whether the half that writes was dropped before its shutdown was complete.
    is_closing: bool,
    /// The task that waits for output.
    reader: Option<Waker>,
}

pub(super) fn split(socket: Box<dyn Socket>) -> (ReadHalf, WriteHalf) {
    let connection = Connection(Arc::new(Mutex::new(Shared { socket, is_closing: false, reader: None })));
    (ReadHalf(connection.clone()), WriteHalf(connection))
}

impl Connection {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

impl AsyncRead for ReadHalf {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut shared = self.0.lock();
        if shared.is_closing {
            // If this fails, so does reading.
            shared.is_closing = shared.poll_shutdown(cx).is_pending();
        }
        let read = Pin::new(&mut shared.socket).poll_read(cx, buffer);
        if read.is_pending() {
            match &mut shared.reader {
                Some(reader) => reader.clone_from(cx.waker()),
                None => shared.reader = Some(cx.waker().clone()),
            }
        }
        read
    }
}

impl AsyncWrite for WriteHalf {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0.lock().socket).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.lock().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.lock().poll_shutdown(cx)
    }
}

impl Drop for WriteHalf {
    fn drop(&mut self) {
        let mut shared = self.0.lock();
        shared.is_closing = shared.poll_shutdown(&mut Context::from_waker(Waker::noop())).is_pending();
        let reader = shared.reader.take().filter(|_| shared.is_closing);
        drop(shared); // not while holding the lock
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}
