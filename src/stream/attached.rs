//! [`Attached`]: the input and the output of a process.

use super::output::{Framing, OutputStream};
use super::pieces::Pieces;
#[cfg(feature = "websocket")]
use super::websocket::WebSocket;
use crate::transport::{Deadlines, Socket, Upgraded};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncWrite, WriteHalf};

/// The input and the output of a process that one is attached to.
///
/// They are two, so that they can be used by two tasks. Dropping both closes the connection; the process goes on.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attached {
    /// What is written here, the process reads.
    pub input: Input,
    /// What the process writes.
    pub output: OutputStream,
}

impl Attached {
    pub(crate) fn new((upgraded, label): (Upgraded, String), framing: Framing) -> Self {
        let deadlines = upgraded.deadlines();
        Self::over(Box::new(upgraded), deadlines, label, framing)
    }

    /// Over a WebSocket, which is never multiplexed.
    #[cfg(feature = "websocket")]
    pub(crate) async fn websocket((upgraded, label): (Upgraded, String)) -> Self {
        let deadlines = upgraded.deadlines();
        Self::over(Box::new(WebSocket::new(upgraded).await), deadlines, label, Framing::Raw)
    }

    fn over(socket: Box<dyn Socket>, deadlines: Deadlines, label: String, framing: Framing) -> Self {
        let (read, write) = tokio::io::split(socket);
        let output = OutputStream::of(Pieces::upgraded(read), deadlines, label, framing, false);
        Self { input: Input(write), output }
    }
}

/// The input of a process, which implements tokio's `AsyncWrite`.
///
/// Shutting it down, or dropping it, closes the process's standard input, if the process was made so that it has one of
/// its own (exec; a container with `stdin_once`). The output is not touched by it: except that engines end the output as
/// well when the input of a container that has a terminal, or no `stdin_once`, ends.
pub struct Input(WriteHalf<Box<dyn Socket>>);

impl AsyncWrite for Input {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl Drop for Input {
    /// Half-closes; sockets do that without waiting.
    fn drop(&mut self) {
        let _ = Pin::new(&mut self.0).poll_shutdown(&mut Context::from_waker(Waker::noop()));
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").finish_non_exhaustive()
    }
}
