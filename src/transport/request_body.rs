//! The body of a request: in memory, or a stream of any length.

use bytes::Bytes;
use futures_core::Stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Bytes that are produced while they are sent.
pub(super) type BoxStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

pub(crate) type RequestBody = Either<Full<Bytes>, UnsyncBoxBody<Bytes, io::Error>>;

pub(crate) fn in_memory(bytes: Bytes) -> RequestBody {
    Either::Left(Full::new(bytes))
}

/// Sends a stream: chunked, or with exactly the announced length. Errors refer to it as `name`.
pub(super) fn streamed(stream: BoxStream, announced: Option<u64>, name: String) -> RequestBody {
    let body = StreamedBody { stream: Some(stream), announced, sent: 0, last: None, name };
    Either::Right(body.boxed_unsync())
}

/// A stream that fails if its length differs from the announced one.
///
/// The chunk that completes the length is held back until the stream ends. Otherwise the engine would take a longer
/// stream for complete.
struct StreamedBody {
    /// `None` once it has ended.
    stream: Option<BoxStream>,
    announced: Option<u64>,
    sent: u64,
    last: Option<Bytes>,
    name: String,
}

impl StreamedBody {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
        while let Some(chunk) = ready!(stream.as_mut().poll_next(cx)?) {
            let Some(announced) = self.announced else { return Poll::Ready(Some(Ok(chunk))) };
            self.sent += chunk.len() as u64;
            if self.sent > announced {
                return Poll::Ready(Some(Err(self.wrong("longer", announced))));
            }
            if self.sent < announced {
                return Poll::Ready(Some(Ok(chunk)));
            }
            if !chunk.is_empty() {
                self.last = Some(chunk);
            }
        }
        match self.announced {
            Some(announced) if self.sent < announced => Poll::Ready(Some(Err(self.wrong("shorter", announced)))),
            _ => {
                self.stream = None;
                Poll::Ready(self.last.take().map(Ok))
            }
        }
    }

    fn wrong(&self, how: &str, announced: u64) -> io::Error {
        let message = format!("{} is {how} than the announced {announced} bytes", self.name);
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

impl Body for StreamedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let chunk = ready!(self.poll_chunk(cx));
        if let Some(Err(_)) = chunk {
            self.stream = None;
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    /// Gives no exact size of 0, as hyper would then never poll the stream, which might not be empty.
    fn size_hint(&self) -> SizeHint {
        self.announced.filter(|length| *length > 0).map(SizeHint::with_exact).unwrap_or_default()
    }
}
