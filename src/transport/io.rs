//! The byte stream beneath a connection.

use super::socket::Socket;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
#[cfg(feature = "tls-no-provider")]
use tokio_rustls::client::TlsStream;

pub(crate) enum Io {
    #[cfg(unix)]
    Unix(UnixStream),
    Tcp(TcpStream),
    #[cfg(feature = "tls-no-provider")]
    Tls(Box<TlsStream<TcpStream>>),
    Custom(Box<dyn Socket>),
}

/// Does the same with whatever is beneath.
macro_rules! each {
    ($io:expr, $stream:ident => $do:expr) => {
        match $io {
            #[cfg(unix)]
            Io::Unix($stream) => $do,
            Io::Tcp($stream) => $do,
            #[cfg(feature = "tls-no-provider")]
            Io::Tls($stream) => $do,
            Io::Custom($stream) => $do,
        }
    };
}

impl Io {
    /// Whether the peer has closed, as the kernel knows it before tokio does. A write to a unix socket fails at once then,
    /// with nothing sent; one to TCP would not.
    pub(super) fn peer_has_closed(&self) -> bool {
        let mut byte = [std::mem::MaybeUninit::uninit()];
        match self {
            Self::Tcp(tcp) => matches!(socket2::SockRef::from(tcp).peek(&mut byte), Ok(0)),
            // Whatever TLS has to say now, it is not an answer: most likely that it ends.
            #[cfg(feature = "tls-no-provider")]
            Self::Tls(tls) => socket2::SockRef::from(tls.get_ref().0).peek(&mut byte).is_ok(),
            _ => false,
        }
    }
}

impl AsyncRead for Io {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        each!(&mut *self, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        each!(&mut *self, stream => Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        each!(&mut *self, stream => Pin::new(stream).poll_write_vectored(cx, pieces))
    }

    fn is_write_vectored(&self) -> bool {
        each!(self, stream => stream.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(&mut *self, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(&mut *self, stream => Pin::new(stream).poll_shutdown(cx))
    }
}

/// Whether an error says that the peer has closed.
pub(super) fn is_closing(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}
