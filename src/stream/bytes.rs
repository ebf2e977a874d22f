//! [`ByteStream`]: a response body of raw bytes, such as a tar archive.

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

/// Yields the bytes of a response as they arrive, such as those of a tar archive. Also implements tokio's `AsyncRead`.
///
/// It reads only on demand, so a body of any length takes little memory.
#[must_use = "the bytes are not read unless they are asked for"]
pub struct ByteStream {
    body: Option<ResponseBody>,
    /// Bytes that `AsyncRead` has not consumed yet.
    rest: Bytes,
    /// Tells whether an archive is complete.
    trailer: Option<Trailer>,
    label: String,
}

impl ByteStream {
    pub(crate) fn new((body, label): (ResponseBody, String)) -> Self {
        Self { body: Some(body), rest: Bytes::new(), trailer: None, label }
    }

    /// For archives: reports one that the engine ends early, with or without an error.
    pub(crate) fn with_trailer(self) -> Self {
        Self { trailer: Some(Trailer::default()), ..self }
    }

    /// Returns the next bytes, never empty, or `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection closes early, or the engine ends an
    /// archive early.
    /// [`Error::is_timeout`](crate::Error::is_timeout) if nothing arrives within the idle limit.
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream) if the engine reports an error in place of the rest. The stream
    /// ends after an error.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl fmt::Debug for ByteStream {
    /// Leaves out the bytes.
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

super::iterable!(ByteStream);

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
