//! [`Buffer`]: memory that is read into.

use bytes::BytesMut;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt};

/// What is read at a time, at first.
const LEAST: usize = 8 << 10;

/// What was read and not handed on yet. The more there is to be read at a time, the more is read, up to a bound.
pub(super) struct Buffer {
    pub(super) bytes: BytesMut,
    size: usize,
    most: usize,
}

impl Buffer {
    /// Reads no more than that at a time.
    pub(super) fn at_most(most: usize) -> Self {
        Self { bytes: BytesMut::new(), size: LEAST, most }
    }

    /// Reads more, and tells how much that is; nothing is the end.
    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        mut reader: impl AsyncRead + Unpin,
    ) -> Poll<io::Result<usize>> {
        // What room is left is filled first: pieces may be small, and somebody may hold them, and with them the memory.
        if self.room() < self.size / 4 {
            self.bytes.reserve(self.size);
        }
        let room = self.room();
        // It holds nothing between two polls, and so can be begun anew at each.
        let length = ready!(pin!(reader.read_buf(&mut self.bytes)).poll(cx))?;
        if length == room {
            self.size = (self.size * 2).min(self.most);
        }
        Poll::Ready(Ok(length))
    }

    fn room(&self) -> usize {
        self.bytes.capacity() - self.bytes.len()
    }

    /// Keeps no more memory than that.
    pub(super) fn shrink(&mut self, most: usize) {
        if self.bytes.capacity() > most {
            *self = Self::at_most(self.most);
        }
    }
}
