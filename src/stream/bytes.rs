//! [`ByteStream`]: an answer that is bytes, such as a tar archive.

use super::trailer::Trailer;
use crate::Result;
use crate::transport::ResponseBody;
use ::bytes::{Buf, Bytes};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

/// Yields an answer's bytes as they arrive, such as those of a tar archive. It can also be read, by tokio's `AsyncRead`.
///
/// No more is read than is asked for: of any length, little is in memory at a time.
#[must_use = "the bytes are not read unless they are asked for"]
pub struct ByteStream {
    body: Option<ResponseBody>,
    /// What a reader has not yet taken.
    rest: Bytes,
    /// Where engines say behind the bytes that they are not all.
    trailer: Option<Trailer>,
    label: String,
}

impl ByteStream {
    pub(crate) fn new((body, label): (ResponseBody, String)) -> Self {
        Self { body: Some(body), rest: Bytes::new(), trailer: None, label }
    }

    /// An archive whose end may be an error of the engine's.
    pub(crate) fn with_trailer(self) -> Self {
        Self { trailer: Some(Trailer::default()), ..self }
    }

    /// The next piece, never empty; `None` at the end.
    ///
    /// # Errors
    /// A connection that ends early ([`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted)), nothing for the idle limit
    /// ([`Error::is_timeout`](crate::Error::is_timeout)), or what the engine reports in place of the rest
    /// ([`ErrorKind::Stream`](crate::ErrorKind::Stream)). There is nothing more after it.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl fmt::Debug for ByteStream {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").field("call", &self.label).finish_non_exhaustive()
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let mut piece = ready!(body.poll_chunk(cx));
        if !matches!(piece, Some(Ok(_))) {
            self.body = None;
        }
        match (&piece, &mut self.trailer) {
            (Some(Ok(bytes)), Some(trailer)) => trailer.note(bytes),
            (None, Some(trailer)) => piece = trailer.take_error().map(Err),
            _ => {}
        }
        Poll::Ready(piece.map(|piece| piece.map_err(|error| error.in_call(|| self.label.clone()))))
    }
}

impl AsyncRead for ByteStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.as_mut().poll_next(cx)) {
                Some(piece) => self.rest = piece.map_err(io::Error::other)?,
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        buffer.put_slice(self.rest.get(..length).unwrap_or_default());
        self.rest.advance(length);
        Poll::Ready(Ok(()))
    }
}
