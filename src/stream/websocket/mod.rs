//! The client's end of a WebSocket (RFC 6455), as bytes both ways.
//!
//! The peer is a Docker Engine: its messages are pieces of one stream of bytes, whatever their kind and wherever they are
//! cut. No length on the wire makes anything be allocated.

mod encode;
mod frames;

use bytes::{Buf, Bytes, BytesMut};
use encode::{Encoder, Opcode};
use frames::{Event, Frames};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

/// What is read at a time.
const PIECE: usize = 64 << 10;
/// What is written in a frame at most.
const LARGEST_FRAME: usize = 32 << 10;

/// Bytes both ways over a socket on which a WebSocket was agreed upon.
///
/// Shut down, it tells the peer that there is no more input, and goes on reading.
pub(super) struct WebSocket<S> {
    socket: S,
    /// What was read and not yet taken apart.
    piece: Bytes,
    buffer: BytesMut,
    frames: Frames,
    /// Output of the peer that was not yet handed on.
    output: Bytes,
    ended: bool,
    encoder: Encoder,
    /// Whole frames that are to be written.
    outgoing: BytesMut,
    /// What a ping is to be answered with; only the last one has to be.
    pong: Option<Bytes>,
    /// Our close frame is written, or in `outgoing`.
    closing: bool,
    /// Whoever waits for room to write.
    writer: Option<Waker>,
    /// Whoever waits for output.
    reader: Option<Waker>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    pub(super) fn new(socket: S) -> Self {
        Self {
            socket,
            piece: Bytes::new(),
            buffer: BytesMut::new(),
            frames: Frames::default(),
            output: Bytes::new(),
            ended: false,
            encoder: Encoder::default(),
            outgoing: BytesMut::new(),
            pong: None,
            closing: false,
            writer: None,
            reader: None,
        }
    }

    /// Reads on until there is output, or no more; pings and such are dealt with on the way.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.output.is_empty() && !self.ended {
            match self.frames.next(&mut self.piece).map_err(io::Error::from)? {
                Some(Event::Output(output)) => self.output = output,
                Some(Event::Ping(ping)) => self.pong = Some(ping),
                Some(Event::Close(reason)) => {
                    self.ended = true;
                    self.close();
                    self.write_aside(cx);
                    reason.map_err(io::Error::from)?;
                }
                None => {
                    self.write_aside(cx);
                    self.buffer.reserve(PIECE);
                    // It holds nothing between two polls, and so can be begun anew at each.
                    let read = pin!(self.socket.read_buf(&mut self.buffer)).poll(cx);
                    self.reader = read.is_pending().then(|| cx.waker().clone());
                    if ready!(read)? == 0 {
                        self.ended = true;
                        self.frames.end().map_err(io::Error::from)?;
                    }
                    self.piece = self.buffer.split().freeze();
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Writes what is left to write while reading, such as pongs. If it cannot be written, reading comes to its end as well,
    /// and what the peer said before is read up to there.
    fn write_aside(&mut self, cx: &mut Context<'_>) {
        if let Poll::Ready(Err(_)) = self.poll_drain(cx) {
            self.outgoing.clear();
        }
        // The socket wakes one task alone when it has room: another that waits for that has to ask again.
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }

    /// Writes until nothing is left.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            if self.outgoing.is_empty() {
                match self.pong.take().filter(|_| !self.closing) {
                    Some(pong) => self.encoder.frame(&mut self.outgoing, Opcode::Pong, &pong),
                    None => return Poll::Ready(Ok(())),
                }
            }
            match ready!(Pin::new(&mut self.socket).poll_write(cx, &self.outgoing))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.outgoing.advance(written),
            }
        }
    }

    /// The same for who wants to write, and waits.
    fn poll_drain_and_wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let drained = self.poll_drain(cx);
        self.writer = drained.is_pending().then(|| cx.waker().clone());
        drained
    }

    fn close(&mut self) {
        if !self.closing {
            self.closing = true;
            self.encoder.frame(&mut self.outgoing, Opcode::Close, &frames::NORMAL.to_be_bytes());
        }
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
    /// A frame is taken whole. What of it the socket has no room for is written along with reading, or by flushing.
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.closing {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        ready!(self.poll_drain_and_wait(cx))?;
        let taken = bytes.get(..LARGEST_FRAME).unwrap_or(bytes);
        if !taken.is_empty() {
            let this = &mut *self;
            this.encoder.frame(&mut this.outgoing, Opcode::Binary, taken);
            match this.poll_drain(cx) {
                Poll::Ready(drained) => drained?,
                // Who writes need not come again: who reads takes over.
                Poll::Pending => {
                    if let Some(reader) = this.reader.take() {
                        reader.wake();
                    }
                }
            }
        }
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain_and_wait(cx))?;
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    /// Says that there is no more input. The socket stays open: what the peer has to say is still to come.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.close();
        self.poll_flush(cx)
    }
}

#[cfg(test)]
mod tests;
