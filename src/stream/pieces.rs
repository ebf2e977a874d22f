//! The source of a stream's bytes.

use super::halves::ReadHalf;
use crate::transport::ResponseBody;
use crate::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use std::fmt;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncReadExt;

/// How many bytes to read from an upgraded connection at a time.
const PIECE: usize = 64 << 10;

/// A response's body, or the connection after the engine switched protocols.
pub(super) enum Pieces {
    Body(ResponseBody),
    Upgraded { connection: ReadHalf, buffer: BytesMut },
}

impl Pieces {
    pub(super) fn upgraded(connection: ReadHalf) -> Self {
        Self::Upgraded { connection, buffer: BytesMut::new() }
    }

    /// Polls for the next piece. `None` at the end.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        match self {
            Self::Body(body) => body.poll_chunk(cx),
            Self::Upgraded { connection, buffer } => {
                buffer.reserve(PIECE);
                // `read_buf` keeps no state between polls, so each poll can start a new one.
                let read = ready!(pin!(connection.read_buf(buffer)).poll(cx));
                match read {
                    Ok(0) => Poll::Ready(None),
                    Ok(_) => Poll::Ready(Some(Ok(buffer.split().freeze()))),
                    Err(error) => Poll::Ready(Some(Err(broken(error)))),
                }
            }
        }
    }
}

fn broken(error: io::Error) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(limit) => return limit,
        Err(error) => error,
    };
    let (kind, message) = match error.kind() {
        io::ErrorKind::InvalidData => (ErrorKind::Decode, format!("invalid WebSocket data from the engine: {error}")),
        _ => (ErrorKind::Interrupted, format!("the connection failed: {error}")),
    };
    Error::new(kind, message).with_source(error)
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(body) => f.debug_tuple("Body").field(body).finish(),
            Self::Upgraded { .. } => f.debug_struct("Upgraded").finish_non_exhaustive(),
        }
    }
}
