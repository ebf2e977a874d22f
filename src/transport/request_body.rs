//! The body of a request: in memory, or a stream of any length.

use bytes::Bytes;
use futures_core::Stream;
use std::io;
use std::pin::Pin;

/// Bytes that are produced while they are sent.
pub(crate) type BoxStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

pub(crate) enum RequestBody {
    Bytes(Bytes),
    /// Of a length that is kept to, or in chunks.
    Stream {
        stream: BoxStream,
        length: Option<u64>,
    },
}

impl RequestBody {
    /// How long it is; `None` if it goes out in chunks.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Stream { length, .. } => *length,
        }
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}
