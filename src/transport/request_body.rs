//! The body of a request: in memory, or a stream of any length.

use bytes::Bytes;
use futures_core::Stream;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Bytes that are produced while they are sent.
pub(crate) type BoxStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

pub(crate) enum RequestBody {
    Full(Full<Bytes>),
    Stream { stream: BoxStream, length: Option<u64> },
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self::Full(Full::new(bytes))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Full(full) => Pin::new(full).poll_frame(cx).map_err(|never| match never {}),
            Self::Stream { stream, .. } => stream.as_mut().poll_next(cx).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Full(full) => full.is_end_stream(),
            Self::Stream { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Full(full) => full.size_hint(),
            Self::Stream { length, .. } => length.map(SizeHint::with_exact).unwrap_or_default(),
        }
    }
}
