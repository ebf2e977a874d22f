//! [`RawConnection`]: a connection after the engine switched protocols.

use crate::transport::Upgraded;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection that the engine switched to another protocol, from [`RawResponse::upgrade`](super::RawResponse::upgrade).
///
/// Shutting down the writing side leaves the reading side open. Dropping it closes both.
#[derive(Debug)]
pub struct RawConnection(Upgraded);

impl RawConnection {
    pub(crate) fn new(upgraded: Upgraded) -> Self {
        Self(upgraded)
    }
}

impl AsyncRead for RawConnection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for RawConnection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
