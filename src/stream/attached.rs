//! [`Attached`]: the input and output of a process.

use super::chunk::Chunk;
use super::halves::{WriteHalf, split};
use super::output::{Framing, OutputStream};
use super::pieces::Pieces;
#[cfg(feature = "websocket")]
use super::websocket::WebSocket;
use crate::Result;
use crate::transport::{Deadlines, Socket, Upgraded};
use futures_core::Stream;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::AsyncWrite;

/// The input and output of an attached process.
///
/// It is a stream of the process's output and a writer (tokio's `AsyncWrite`) to its standard input. Shutting down the
/// writer closes the process's standard input. [`split`](Self::split) separates the two for use by two tasks. Dropping
/// it closes the connection. The process keeps running.
#[derive(Debug)]
#[must_use = "output is not read unless it is asked for"]
pub struct Attached {
    input: Input,
    output: OutputStream,
}

impl Attached {
    pub(crate) fn new((upgraded, label): (Upgraded, String), framing: Framing) -> Self {
        let deadlines = upgraded.deadlines();
        Self::over(Box::new(upgraded), deadlines, label, framing)
    }

    /// Attaches over a WebSocket, whose output is never multiplexed.
    #[cfg(feature = "websocket")]
    pub(crate) async fn websocket((upgraded, label): (Upgraded, String)) -> Self {
        let deadlines = upgraded.deadlines();
        Self::over(Box::new(WebSocket::new(upgraded).await), deadlines, label, Framing::Raw)
    }

    /// Splits the connection into its input and its output. Dropping the input closes the process's standard input.
    pub fn split(self) -> (Input, OutputStream) {
        (self.input, self.output)
    }

    /// Returns the next chunk of output, or `None` at the end.
    ///
    /// # Errors
    /// The errors of [`OutputStream::next`].
    pub async fn next(&mut self) -> Option<Result<Chunk>> {
        self.output.next().await
    }

    fn over(socket: Box<dyn Socket>, deadlines: Deadlines, label: String, framing: Framing) -> Self {
        let (read, write) = split(socket);
        let output = OutputStream::of(Pieces::upgraded(read), deadlines, label, framing, false);
        Self { input: Input(write), output }
    }
}

impl Stream for Attached {
    type Item = Result<Chunk>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.output).poll_next(cx)
    }
}

super::iterable!(Attached);

impl AsyncWrite for Attached {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.input).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_shutdown(cx)
    }
}

/// The standard input of a process. Implements tokio's `AsyncWrite`.
///
/// Shutting it down, or dropping it, closes the process's standard input. The process must have an input of its own: an
/// exec, or a container with `stdin_once`. The output normally stays open. But if the container has a terminal, or
/// lacks `stdin_once`, the engine ends the output together with the input.
///
/// If the engine is not reading when the input is dropped, the rest of the input is sent while the output is read.
pub struct Input(WriteHalf);

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

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").finish_non_exhaustive()
    }
}
