//! [`Upload`]: a request body that is produced while it is sent.

use super::file::OpenFile;
use super::request_body::{BoxStream, RequestBody, in_memory, streamed};
use crate::{ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body_util::BodyExt;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The initial size of reads.
const MIN_READ: usize = 8 << 10;
/// The largest size of reads. For a file, each read is a round trip to another thread.
const MAX_READ: usize = 1 << 20;

/// A request body, such as a tar archive: from memory, a file, a reader or a stream.
///
/// The bytes are sent as they are produced, at the engine's pace, so an upload of any length takes little memory. If the
/// engine refuses the upload midway, the rest is not read. A source that pauses for longer than the call's
/// [`head`](crate::Limits::head) limit ends the call, because nothing is sent meanwhile.
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
    /// A file that is not open yet. Only programs that send files link the code that opens it.
    File(Pin<Box<dyn Future<Output = io::Result<OpenFile>> + Send>>),
    Open(OpenFile),
    Stream(BoxStream),
}

impl Upload {
    /// Sends the items of a stream. An error of the stream fails the call.
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self { source: Source::Stream(Box::pin(Pieces(Box::pin(stream)))), length: None }
    }

    /// Sends a file. It is opened when the call is awaited, before anything is sent. If it is missing, unreadable or a
    /// folder, the call fails with an error that names it, and nothing is sent.
    ///
    /// The length of a regular file is announced, unless it is 0, as for the files of `/proc`. The call fails if the
    /// file grows or shrinks while it is sent, or if [`length`](Self::length) announced another length. A pipe is sent
    /// to its end, and opening one waits for its writer.
    ///
    /// The file is read on tokio's blocking threads, at most about 2 MiB ahead. Dropping the call stops reading after
    /// the current read.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { source: Source::File(Box::pin(OpenFile::open(path.into()))), length: None }
    }

    /// Sends the bytes of a reader, such as standard input. [`file`](Self::file) is faster for files.
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

    /// Announces the length in bytes. The call fails if the actual length differs. Default: no announced length, except
    /// for files and bytes in memory.
    pub fn length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    /// Returns what is known to be wrong before anything is sent.
    pub(crate) fn problem(&self) -> Option<String> {
        let (Source::Bytes(bytes), Some(length)) = (&self.source, self.length) else { return None };
        (bytes.len() as u64 != length)
            .then(|| format!("the upload has {} bytes, but {length} were announced", bytes.len()))
    }

    /// Opens the file, if it is one, before anything is sent.
    pub(crate) async fn open(self) -> Result<Self> {
        let Source::File(file) = self.source else { return Ok(self) };
        let file = file.await.map_err(upload_failed)?;
        if let (Some(length), Some(announced)) = (file.length, self.length) {
            if length != announced {
                let message = format!("{} has {length} bytes, but {announced} were announced", file.name);
                return Err(upload_failed(io::Error::new(io::ErrorKind::InvalidData, message)));
            }
        }
        Ok(Self { length: self.length.or(file.length), source: Source::Open(file) })
    }

    /// Writes an open upload to a process's stdin, and closes it. A process need not read all of it.
    pub(crate) async fn write_to(self, mut stdin: impl AsyncWrite + Unpin) -> Result<()> {
        let mut body = self.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| upload_failed(io::Error::other(error)))?;
            if stdin.write_all(&frame.into_data().unwrap_or_default()).await.is_err() {
                return Ok(());
            }
        }
        let _ = stdin.shutdown().await;
        Ok(())
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

/// Wraps an error of reading the upload, as opposed to one of the connection.
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
    /// Leaves out the bytes.
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
    /// The size of the next read. It grows while reads fill the buffer.
    size: usize,
}

impl<R: AsyncRead> Stream for Reader<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { source, buffer, size } = &mut *self;
        buffer.reserve(*size);
        // `read_buf` keeps no state between polls, so each poll can start a new one.
        let length = ready!(pin!(source.read_buf(buffer)).poll(cx))?;
        if length >= *size {
            *size = (*size * 2).min(MAX_READ);
        }
        Poll::Ready((length > 0).then(|| Ok(buffer.split().freeze())))
    }
}
