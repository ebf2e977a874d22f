//! The client side of a WebSocket, as a byte stream in both directions.
//!
//! The peer is a Docker Engine: its messages are chunks of one byte stream, whatever their type.

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

/// The largest message accepted. Engines send 32 KiB at a time.
const MAX_MESSAGE: usize = 1 << 20;
/// The most bytes written in one message.
const MAX_WRITE: usize = 32 << 10;

/// A byte stream in both directions over a socket that was upgraded to a WebSocket.
///
/// Shutting it down tells the peer that the input has ended. Reading stays possible.
pub(super) struct WebSocket<S> {
    messages: WebSocketStream<S>,
    /// Output from the peer that is not consumed yet.
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

    /// Polls until there is output or the end.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.output.is_empty() && !self.is_ended {
            match ready!(Pin::new(&mut self.messages).poll_next(cx)) {
                Some(Ok(Message::Binary(output))) => self.output = output,
                Some(Ok(Message::Text(output))) => self.output = output.into(),
                Some(Ok(Message::Close(reason))) => {
                    self.is_ended = true;
                    reason.as_ref().map_or(Ok(()), closed)?;
                }
                Some(Ok(_)) => {} // the library itself responds to pings
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

/// A close frame with any code but `Normal` is an error.
fn closed(frame: &CloseFrame) -> io::Result<()> {
    if frame.code == CloseCode::Normal {
        return Ok(());
    }
    let message = format!("the engine closed the WebSocket with status {} {}", u16::from(frame.code), frame.reason);
    Err(io::Error::new(io::ErrorKind::ConnectionAborted, message))
}

fn failed(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            io::Error::new(io::ErrorKind::UnexpectedEof, "closed without a WebSocket close frame")
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
    /// Takes a message as a whole. If the socket has no room, reading or flushing writes the rest.
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

    /// Announces the end of the input. The socket stays open to read the remaining output.
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
