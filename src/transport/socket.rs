//! The public [`Connect`] trait: connects through a custom socket.

use std::fmt;
use std::io;
use std::pin::Pin;
use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream to an engine. Implemented for everything that tokio can read and write.
pub trait Socket: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Socket for S {}

/// The future of [`Connect::connect`].
pub type Connecting<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Socket>>> + Send + 'a>>;

/// Connects to an engine through a custom socket: a tunnel, a vsock, or an in-memory pipe in a test.
///
/// The client calls [`connect`](Self::connect) whenever it has no idle connection, and speaks HTTP/1.1 over the returned
/// socket. If `connect` fails, its error becomes the source of the call's error.
///
/// ```
/// use longshore::{Connect, Connecting, Docker};
///
/// #[derive(Debug)]
/// struct Forwarded;
///
/// impl Connect for Forwarded {
///     fn connect(&self) -> Connecting<'_> {
///         Box::pin(async { Ok(Box::new(tokio::net::TcpStream::connect("127.0.0.1:2375").await?) as _) })
///     }
/// }
///
/// let docker = Docker::builder().connector(Forwarded).build()?;
/// # Ok::<(), longshore::Error>(())
/// ```
///
/// Windows named pipes work the same way, but longshore is not tested on Windows:
///
/// ```ignore
/// use tokio::net::windows::named_pipe::ClientOptions;
///
/// #[derive(Debug)]
/// struct Pipe;
///
/// impl Connect for Pipe {
///     fn connect(&self) -> Connecting<'_> {
///         Box::pin(async { Ok(Box::new(ClientOptions::new().open(r"\\.\pipe\docker_engine")?) as _) })
///     }
/// }
/// ```
pub trait Connect: fmt::Debug + Send + Sync + 'static {
    /// Opens a connection.
    fn connect(&self) -> Connecting<'_>;
}
