//! The output of a process: frames of stdout and stderr, or the raw bytes of a terminal.

use crate::transport::AnswerBody;
use crate::{Error, ErrorKind, Result};
use bytes::{Buf, Bytes};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Where a piece of output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// A terminal, where standard output and error are one.
    Console,
}

/// A piece of a process's output, just as it arrived: it may end in the middle of a line, or of a character.
///
/// It displays as text; what is not UTF-8 shows as `�`. [`OutputStream::lines`] gives whole lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chunk {
    /// Where it comes from.
    pub source: Source,
    /// The bytes, never empty.
    pub bytes: Bytes,
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}

/// How output is framed. The engine says so by the answer's type; the bytes themselves never tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// A header of 8 bytes precedes each piece.
    Multiplexed,
    /// A terminal's bytes.
    Raw,
}

/// Yields the output of a container, from [`Container::logs`](crate::container::Container::logs).
///
/// Bytes are handed on as they arrive, without being copied. An error that the engine reports on the way, and a stream that
/// breaks off, are `Err` and the last item.
#[derive(Debug)]
#[must_use = "output is not read unless it is asked for"]
pub struct OutputStream {
    body: Option<AnswerBody>,
    frames: Option<Frames>,
    piece: Bytes,
    label: String,
}

impl OutputStream {
    pub(crate) fn new((body, label): (AnswerBody, String), framing: Framing) -> Self {
        let frames = match framing {
            Framing::Multiplexed => Some(Frames::default()),
            Framing::Raw => None,
        };
        Self { body: Some(body), frames, piece: Bytes::new(), label }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// An error that the engine reports ([`ErrorKind::Stream`]), or a connection that ends early
    /// ([`ErrorKind::Interrupted`]). There is nothing more after it.
    pub async fn next(&mut self) -> Option<Result<Chunk>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        loop {
            if !self.piece.is_empty() {
                let Some(frames) = &mut self.frames else {
                    let bytes = std::mem::take(&mut self.piece);
                    return Poll::Ready(Some(Ok(Chunk { source: Source::Console, bytes })));
                };
                if let Some(chunk) = frames.next(&mut self.piece).transpose() {
                    return Poll::Ready(Some(chunk));
                }
            }
            match ready!(body.poll_piece(cx)) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.body = None;
                    return Poll::Ready(self.frames.as_ref().and_then(|frames| frames.end().err()).map(Err));
                }
            }
        }
    }
}

impl Stream for OutputStream {
    type Item = Result<Chunk>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match ready!(self.poll_chunk(cx)) {
            Some(Err(error)) => {
                self.body = None;
                Poll::Ready(Some(Err(error.in_call(|| self.label.clone()))))
            }
            other => Poll::Ready(other),
        }
    }
}

/// Takes frames apart: `[type, 0, 0, 0, length in 4 bytes, big-endian]`, then so many bytes.
#[derive(Debug, Default)]
struct Frames {
    header: [u8; 8],
    /// So much of the header is there.
    begun: usize,
    /// So much of the payload is to come.
    remaining: usize,
    /// What the engine itself reports, in frames of type 3.
    report: Option<Vec<u8>>,
}

/// An engine's report is a line; more of one than this is not kept.
const LONGEST_REPORT: usize = 64 << 10;

impl Frames {
    /// The next chunk of the piece, if there is one in it. No length on the wire makes anything be allocated.
    fn next(&mut self, piece: &mut Bytes) -> Result<Option<Chunk>> {
        loop {
            if self.remaining == 0 {
                if let Some(report) = self.report.take() {
                    let report = String::from_utf8_lossy(&report);
                    return Err(Error::new(ErrorKind::Stream, report.trim()));
                }
                if !self.read_header(piece)? {
                    return Ok(None);
                }
                continue; // the frame may be empty
            }
            if piece.is_empty() {
                return Ok(None);
            }
            let bytes = piece.split_to(self.remaining.min(piece.len()));
            self.remaining -= bytes.len();
            match self.header {
                [2, ..] => return Ok(Some(Chunk { source: Source::Stderr, bytes })),
                [3, ..] => {
                    let report = self.report.get_or_insert_default();
                    let room = LONGEST_REPORT - report.len();
                    report.extend_from_slice(bytes.get(..room).unwrap_or(&bytes));
                }
                _ => return Ok(Some(Chunk { source: Source::Stdout, bytes })),
            }
        }
    }

    /// Completes the header; `false` if more of it has to come.
    fn read_header(&mut self, piece: &mut Bytes) -> Result<bool> {
        let missing = self.header.get_mut(self.begun..).unwrap_or_default();
        let length = missing.len().min(piece.len());
        if let Some(part) = missing.get_mut(..length) {
            piece.copy_to_slice(part);
        }
        self.begun += length;
        if self.begun < self.header.len() {
            return Ok(false);
        }
        let [kind, zeros @ .., a, b, c, d] = self.header;
        if kind > 3 || zeros != [0, 0, 0] {
            let message = format!("the output is not framed as announced: a frame begins with {:?}", self.header);
            return Err(Error::new(ErrorKind::Decode, message));
        }
        self.begun = 0;
        self.remaining = u32::from_be_bytes([a, b, c, d]) as usize;
        if kind == 3 {
            self.report.get_or_insert_default();
        }
        Ok(true)
    }

    /// Says whether the stream may end here.
    fn end(&self) -> Result<()> {
        match &self.report {
            Some(report) => Err(Error::new(ErrorKind::Stream, String::from_utf8_lossy(report).trim())),
            None if self.begun == 0 && self.remaining == 0 => Ok(()),
            None => Err(Error::new(ErrorKind::Interrupted, "the output broke off in the middle of a frame")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Frames, Source};
    use crate::{ErrorKind, Result};
    use bytes::Bytes;

    fn frame(kind: u8, payload: &str) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("short");
        [&[kind, 0, 0, 0], length.to_be_bytes().as_slice(), payload.as_bytes()].concat()
    }

    /// What came from stdout and stderr, each put together.
    fn demultiplex(pieces: &[&[u8]]) -> Result<(String, String)> {
        let mut frames = Frames::default();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        for piece in pieces {
            let mut piece = Bytes::copy_from_slice(piece);
            while let Some(chunk) = frames.next(&mut piece)? {
                assert!(!chunk.bytes.is_empty());
                if chunk.source == Source::Stdout { &mut stdout } else { &mut stderr }.extend_from_slice(&chunk.bytes);
            }
        }
        let text = |bytes| String::from_utf8(bytes).expect("text");
        frames.end().map(|()| (text(stdout), text(stderr)))
    }

    #[test]
    fn takes_frames_apart_at_every_split_point() {
        let wire = [frame(1, "out"), frame(2, "err"), frame(1, ""), frame(0, " more"), frame(2, "")].concat();
        let whole = ("out more".to_owned(), "err".to_owned());
        for first in 0..=wire.len() {
            for second in first..=wire.len() {
                let pieces = [&wire[..first], &wire[first..second], &wire[second..]];
                assert_eq!(demultiplex(&pieces).expect("frames"), whole, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn bytes_are_not_copied() {
        let wire = Bytes::from(frame(1, "payload"));
        let mut piece = wire.clone();
        let chunk = Frames::default().next(&mut piece).expect("a frame").expect("a chunk");
        assert_eq!(chunk.bytes.as_ptr(), wire[8..].as_ptr());
    }

    #[test]
    fn a_report_of_the_engine_is_an_error() {
        let wire = [frame(1, "out"), frame(3, "Error grabbing logs: EOF\n")].concat();
        for cut in 0..=wire.len() {
            let error = demultiplex(&[&wire[..cut], &wire[cut..]]).expect_err("a report");
            assert_eq!(
                (error.kind(), error.message()),
                (ErrorKind::Stream, "Error grabbing logs: EOF"),
                "cut at {cut}"
            );
        }
        assert_eq!(demultiplex(&[&frame(3, "")]).expect_err("an empty report").kind(), ErrorKind::Stream);
    }

    #[test]
    fn what_breaks_off_or_is_no_frame_is_an_error() {
        let wire = frame(1, "payload");
        for end in 1..wire.len() {
            assert_eq!(demultiplex(&[&wire[..end]]).expect_err("broken off").kind(), ErrorKind::Interrupted);
        }
        for wire in [b"login: \n".as_slice(), &[1, 0, 0, 1, 0, 0, 0, 0], &[4, 0, 0, 0, 0, 0, 0, 0]] {
            assert_eq!(demultiplex(&[wire]).expect_err("no frame").kind(), ErrorKind::Decode);
        }
        let four_gib = [1, 0, 0, 0, 255, 255, 255, 255, b'x'];
        assert_eq!(demultiplex(&[&four_gib]).expect_err("broken off").kind(), ErrorKind::Interrupted);
    }
}
