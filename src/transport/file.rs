//! Uploads a file while it is read.

use super::request_body::BoxStream;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::{JoinHandle, spawn_blocking};

/// The most bytes to read at a time. Each read is a round trip to another thread.
const PIECE: usize = 1 << 20;

/// The pieces of an open file. Another thread reads the next piece while one is sent, so two are in memory.
struct FilePieces {
    state: State,
    /// The buffer of the previous piece, for reuse.
    memory: Bytes,
}

enum State {
    Begins(Reader),
    Reads(JoinHandle<io::Result<Piece>>),
    Over,
}

struct Reader {
    file: File,
    path: PathBuf,
    size: usize,
}

struct Piece {
    reader: Reader,
    memory: Bytes,
    /// Bytes of the buffer that were read.
    length: usize,
}

/// An open file, ready to be sent.
pub(super) struct OpenFile {
    pub(super) pieces: BoxStream,
    pub(super) name: String,
    /// The length, if it is known.
    pub(super) length: Option<u64>,
}

impl OpenFile {
    /// Opens a file. Errors name the path.
    pub(super) async fn open(path: PathBuf) -> io::Result<Self> {
        spawn_blocking(move || {
            let (file, length) = open(&path).map_err(|error| named(&path, &error))?;
            // One byte more than the length, so that a single read covers a small file.
            let size = length.map_or(PIECE, |length| usize::try_from(length).unwrap_or(PIECE).min(PIECE - 1) + 1);
            let name = path.display().to_string();
            let pieces = FilePieces { state: State::Begins(Reader { file, path, size }), memory: Bytes::new() };
            Ok(Self { pieces: Box::pin(pieces), name, length })
        })
        .await?
    }
}

fn open(path: &Path) -> io::Result<(File, Option<u64>)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    // Pipes and devices have no length, and virtual files report 0.
    Ok((file, Some(metadata.len()).filter(|length| metadata.is_file() && *length > 0)))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

impl Reader {
    /// Reads once, into this buffer or, if it is still in use, into a new one.
    fn read(mut self, memory: Bytes) -> io::Result<Piece> {
        let memory = memory.try_into_mut().ok().filter(|memory| memory.len() == self.size);
        let mut memory = memory.unwrap_or_else(|| BytesMut::zeroed(self.size));
        loop {
            match self.file.read(&mut memory) {
                Ok(length) => return Ok(Piece { reader: self, memory: memory.freeze(), length }),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(named(&self.path, &error)),
            }
        }
    }

    fn begin(self, memory: Bytes) -> JoinHandle<io::Result<Piece>> {
        spawn_blocking(move || self.read(memory))
    }
}

impl Stream for FilePieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut reading = match std::mem::replace(&mut self.state, State::Over) {
            State::Begins(reader) => reader.begin(Bytes::new()),
            State::Reads(reading) => reading,
            State::Over => return Poll::Ready(None),
        };
        let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
            self.state = State::Reads(reading);
            return Poll::Pending;
        };
        let Piece { reader, memory, length } = read??;
        if length == 0 {
            return Poll::Ready(None);
        }
        let piece = memory.slice(..length);
        let before = std::mem::replace(&mut self.memory, memory);
        self.state = State::Reads(reader.begin(before));
        Poll::Ready(Some(Ok(piece)))
    }
}
