//! [`Upload`]: what is sent to the engine while it is produced.

use super::file::OpenFile;
use super::request_body::{BoxStream, RequestBody, in_memory, streamed};
use crate::{ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt};

/// What is read of a reader at a time, at first.
const MIN_READ: usize = 8 << 10;
/// What is read of a reader at a time, at most: for a file, each read is a way to another thread and back.
const MAX_READ: usize = 1 << 20;

/// Bytes for the engine, such as a tar archive: in memory, from a file, from a reader, or from a stream.
///
/// They are sent as they are produced, and no faster than the engine takes them; of any length, little is in memory at a
/// time. If the engine refuses them before they are all sent, the rest is not produced.
///
/// ```
/// use longshore::Upload;
///
/// let in_memory = Upload::from(vec![0; 1024]);
/// let from_a_file = Upload::file("web.tar");
/// let from_a_reader = Upload::reader(tokio::io::empty()).length(0);
/// ```
#[must_use]
pub struct Upload {
    source: Source,
    length: Option<u64>,
}

enum Source {
    Bytes(Bytes),
    /// A file that is to be opened: what does that is linked by programs that send files.
    File(Pin<Box<dyn Future<Output = io::Result<OpenFile>> + Send>>),
    Open(OpenFile),
    Stream(BoxStream),
}

impl Upload {
    /// Sends what a stream yields. An error of it ends the call.
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self { source: Source::Stream(Box::pin(Pieces(Box::pin(stream)))), length: None }
    }

    /// Sends a file. It is opened once the call is awaited, before anything is sent: if it is missing, may not be read or is
    /// a folder, the call fails with an error that names it, and the engine hears nothing of it.
    ///
    /// The length that a regular file has then is announced, unless it is 0, as that of the files of `/proc`: if the file
    /// grows or shrinks while it is sent, or has another [`length`](Self::length) than was announced, the call fails. A pipe is
    /// sent to its end, and opening one waits for who writes to it.
    ///
    /// It is read on tokio's threads for what blocks, about 2 MiB ahead at most; if the call is dropped, no more is read
    /// than what is being read.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { source: Source::File(Box::pin(OpenFile::open(path.into()))), length: None }
    }

    /// Sends what a reader reads, such as standard input. Files are sent faster by [`file`](Self::file).
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self {
            source: Source::Stream(Box::pin(Reader {
                source: Box::pin(reader),
                buffer: BytesMut::new(),
                size: MIN_READ,
            })),
            length: None,
        }
    }

    /// Announces how many bytes there are, where that is known: exactly so many have to come, or the call fails.
    pub fn length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    /// What is wrong with it, as far as is known before it is sent.
    pub(crate) fn problem(&self) -> Option<String> {
        let (Source::Bytes(bytes), Some(length)) = (&self.source, self.length) else { return None };
        (bytes.len() as u64 != length)
            .then(|| format!("the upload has {} bytes, and {length} were announced", bytes.len()))
    }

    /// Opens what is to be opened, before anything is sent.
    pub(crate) async fn open(self) -> Result<Self> {
        let Source::File(file) = self.source else { return Ok(self) };
        let file = file.await.map_err(upload_failed)?;
        if let (Some(length), Some(announced)) = (file.length, self.length) {
            if length != announced {
                let message = format!("{} has {length} bytes, and {announced} were announced", file.name);
                return Err(upload_failed(io::Error::new(io::ErrorKind::InvalidData, message)));
            }
        }
        Ok(Self { length: self.length.or(file.length), source: Source::Open(file) })
    }

    pub(crate) fn into_body(self) -> RequestBody {
        let (stream, name): (BoxStream, _) = match self.source {
            Source::Bytes(bytes) => return in_memory(bytes),
            Source::File(_) => unreachable!("the file is not open"),
            Source::Open(OpenFile { pieces, name, .. }) => (pieces, name),
            Source::Stream(stream) => (stream, "the upload".to_owned()),
        };
        streamed(stream, self.length, name)
    }
}

/// An error of what is to be sent, and not of the connection.
fn upload_failed(error: io::Error) -> crate::Error {
    crate::Error::new(ErrorKind::Upload, format!("the upload failed: {error}")).with_source(error)
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self { source: Source::Bytes(bytes), length: None }
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static [u8]> for Upload {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl fmt::Debug for Upload {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("length", &self.length).finish_non_exhaustive()
    }
}

struct Pieces<S>(Pin<Box<S>>);

impl<S, E> Stream for Pieces<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map_err(io::Error::other)
    }
}

struct Reader<R> {
    source: Pin<Box<R>>,
    buffer: BytesMut,
    /// So much is read at a time. The more there is, the more is read.
    size: usize,
}

impl<R: AsyncRead> Stream for Reader<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { source, buffer, size } = &mut *self;
        buffer.reserve(*size);
        // The future holds nothing between two polls, and so can be made anew for each.
        let length = ready!(pin!(source.read_buf(buffer)).poll(cx))?;
        if length >= *size {
            *size = (*size * 2).min(MAX_READ);
        }
        Poll::Ready((length > 0).then(|| Ok(buffer.split().freeze())))
    }
}
