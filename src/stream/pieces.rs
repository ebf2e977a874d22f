//! Where the bytes of a stream come from.

use crate::transport::{AnswerBody, Upgraded};
use crate::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use std::pin::pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncReadExt, ReadHalf};

/// What is read of a bare connection at a time.
const PIECE: usize = 64 << 10;

/// The body of an answer, or what an engine sends after it has switched protocols.
#[derive(Debug)]
pub(super) enum Pieces {
    Body(AnswerBody),
    Upgraded { connection: ReadHalf<Upgraded>, buffer: BytesMut },
}

impl Pieces {
    pub(super) fn upgraded(connection: ReadHalf<Upgraded>) -> Self {
        Self::Upgraded { connection, buffer: BytesMut::new() }
    }

    /// The next piece; `None` at the end.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        match self {
            Self::Body(body) => body.poll_piece(cx),
            Self::Upgraded { connection, buffer } => {
                buffer.reserve(PIECE);
                // It holds nothing between two polls, and so can be begun anew at each.
                let read = ready!(pin!(connection.read_buf(buffer)).poll(cx));
                let length = read.map_err(|error| {
                    let message = format!("the connection broke: {error}");
                    Error::new(ErrorKind::Interrupted, message).with_source(error)
                });
                match length {
                    Ok(0) => Poll::Ready(None),
                    Ok(_) => Poll::Ready(Some(Ok(buffer.split().freeze()))),
                    Err(error) => Poll::Ready(Some(Err(error))),
                }
            }
        }
    }
}
