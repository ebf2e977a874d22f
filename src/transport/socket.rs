//! The public [`Connect`] trait: bring your own socket.

use std::fmt;
use std::io;
use std::pin::Pin;
use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream to an engine: anything that tokio can read and write.
pub trait Socket: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Socket for S {}

/// A connection in the making.
pub type Connecting<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Socket>>> + Send + 'a>>;

/// Brings your own socket: a tunnel, a vsock, an in-memory pipe to a test's own engine.
///
/// It is called whenever no kept connection is free. HTTP/1.1 is spoken on what it makes; the error that it fails with is
/// the source of the call's error.
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
/// A named pipe of Windows is brought the same way. tokio has it, and longshore was not tried there:
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
    /// Makes a connection.
    fn connect(&self) -> Connecting<'_>;
}
