//! The client's end of a WebSocket, as bytes both ways.
//!
//! The peer is a Docker Engine: its messages are chunks of one stream of bytes, whatever their kind.

use bytes::{Buf, Bytes};
use futures_core::Stream;
use futures_sink::Sink;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode};
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};

/// The largest message: engines send 32 KiB at a time.
const MAX_MESSAGE: usize = 1 << 20;
/// What is written in a message at most.
const MAX_WRITE: usize = 32 << 10;

/// Bytes both ways over a socket on which a WebSocket was agreed upon.
///
/// Shut down, it tells the peer that there is no more input, and goes on reading.
pub(super) struct WebSocket<S> {
    messages: WebSocketStream<S>,
    /// Output of the peer that is not handed on yet.
    output: Bytes,
    is_ended: bool,
    is_closing: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    pub(super) async fn new(socket: S) -> Self {
        let config = WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_MESSAGE));
        let messages = WebSocketStream::from_raw_socket(socket, Role::Client, Some(config)).await;
        Self { messages, output: Bytes::new(), is_ended: false, is_closing: false }
    }

    /// Reads on until there is output, or no more.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.output.is_empty() && !self.is_ended {
            match ready!(Pin::new(&mut self.messages).poll_next(cx)) {
                Some(Ok(Message::Binary(output))) => self.output = output,
                Some(Ok(Message::Text(output))) => self.output = output.into(),
                Some(Ok(Message::Close(reason))) => {
                    self.is_ended = true;
                    reason.as_ref().map_or(Ok(()), closed)?;
                }
                Some(Ok(_)) => {} // pings are answered on the way
                Some(Err(Error::ConnectionClosed)) | None => self.is_ended = true,
                Some(Err(error)) => {
                    self.is_ended = true;
                    return Poll::Ready(Err(failed(error)));
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// Closing for any reason but that all was said is an error.
fn closed(frame: &CloseFrame) -> io::Result<()> {
    if frame.code == CloseCode::Normal {
        return Ok(());
    }
    let message = format!("the engine closed it with status {} {}", u16::from(frame.code), frame.reason);
    Err(io::Error::new(io::ErrorKind::ConnectionAborted, message))
}

fn failed(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            io::Error::new(io::ErrorKind::UnexpectedEof, "it ended without the end of the WebSocket")
        }
        Error::Protocol(_) | Error::Capacity(_) | Error::Utf8(_) => io::Error::new(io::ErrorKind::InvalidData, error),
        error => io::Error::other(error),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for WebSocket<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_output(cx))?;
        let length = self.output.len().min(buffer.remaining());
        buffer.put_slice(self.output.get(..length).unwrap_or_default());
        self.output.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for WebSocket<S> {
    /// Takes a message whole. What of it the socket has no room for is written along with reading, or by flushing.
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_closing {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let taken = bytes.get(..MAX_WRITE).unwrap_or(bytes);
        if !taken.is_empty() {
            ready!(Pin::new(&mut self.messages).poll_ready(cx)).map_err(failed)?;
            let message = Message::Binary(Bytes::copy_from_slice(taken));
            Pin::new(&mut self.messages).start_send(message).map_err(failed)?;
            if let Poll::Ready(flushed) = Pin::new(&mut self.messages).poll_flush(cx) {
                flushed.map_err(failed)?;
            }
        }
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.messages).poll_flush(cx)) {
            Err(Error::ConnectionClosed) | Ok(()) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(failed(error))),
        }
    }

    /// Says that there is no more input. The socket stays open: what the peer has to say is still to come.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_closing && !self.is_ended {
            ready!(Pin::new(&mut self.messages).poll_ready(cx)).map_err(failed)?;
            self.is_closing = true;
            let end = CloseFrame { code: CloseCode::Normal, reason: "".into() };
            Pin::new(&mut self.messages).start_send(Message::Close(Some(end))).map_err(failed)?;
        }
        self.poll_flush(cx)
    }
}
