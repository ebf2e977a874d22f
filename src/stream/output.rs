//! [`OutputStream`]: the output of a process, as it arrives.

use super::chunk::Chunk;
use super::console::Console;
use super::frames::{Frames, HEADER};
use super::pieces::Pieces;
use crate::Result;
use crate::transport::{Deadlines, ResponseBody};
use bytes::{Buf, Bytes};
use futures_core::Stream;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The framing of output. The response's content type tells it. The bytes themselves never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// A header of 8 bytes precedes each payload.
    Multiplexed,
    /// The raw bytes of a terminal.
    Raw,
}

impl Framing {
    /// Returns the framing that a content type stands for, if it stands for one.
    pub(crate) fn announced(content_type: Option<&str>) -> Option<Self> {
        match content_type {
            Some("application/vnd.docker.multiplexed-stream") => Some(Self::Multiplexed),
            Some("application/vnd.docker.raw-stream") => Some(Self::Raw),
            _ => None,
        }
    }
}

/// Yields the output of a process, from [`Container::logs`](crate::container::Container::logs),
/// [`Container::attach`](crate::container::Container::attach) or [`Exec::start`](crate::exec::Exec::start).
///
/// Chunks are yielded as they arrive, without a copy. The last item is `Err` if the engine reports an error or the
/// connection closes early.
#[must_use = "output is not read unless it is asked for"]
pub struct OutputStream {
    pieces: Option<Pieces>,
    deadlines: Deadlines,
    deframer: Deframer,
    piece: Bytes,
    pub(super) label: String,
    server: String,
    has_details: bool,
    ends_by_reset: bool,
}

enum Deframer {
    Frames(Frames),
    Console(Console),
}

impl OutputStream {
    /// With `timestamps`, each line begins with its time, which is removed.
    pub(crate) fn new((body, label): (ResponseBody, String), framing: Framing, timestamps: bool) -> Self {
        let deadlines = body.deadlines();
        Self::of(Pieces::Body(body), deadlines, label, framing, timestamps)
    }

    /// Sets whether each frame has details before its text.
    pub(crate) fn with_details(self, has_details: bool) -> Self {
        Self { has_details, ..self }
    }

    /// Sets the engine's name and version, if the response told them.
    pub(crate) fn with_server(self, server: String) -> Self {
        Self { server, ..self }
    }

    /// Takes a reset connection for the end of the output: the kernel resets it if a process exits without reading its input.
    pub(crate) fn ending_by_reset(self) -> Self {
        Self { ends_by_reset: true, ..self }
    }

    /// Removes the details from each frame, of which [`details`](Self::details) then are the latest.
    pub(super) fn remove_details(&mut self) {
        if let Deframer::Frames(frames) = &mut self.deframer {
            frames.removes_details = self.has_details;
        }
    }

    /// Returns the details that were removed from the frame of the last chunk.
    pub(super) fn details(&self) -> &[u8] {
        match &self.deframer {
            Deframer::Frames(frames) => frames.details(),
            Deframer::Console(_) => &[],
        }
    }

    pub(super) fn of(pieces: Pieces, deadlines: Deadlines, label: String, framing: Framing, timestamps: bool) -> Self {
        let deframer = match framing {
            Framing::Multiplexed => Deframer::Frames(Frames::new(timestamps)),
            Framing::Raw => Deframer::Console(Console::new(timestamps)),
        };
        Self {
            pieces: Some(pieces),
            deadlines,
            deframer,
            piece: Bytes::new(),
            label,
            server: String::new(),
            has_details: false,
            ends_by_reset: false,
        }
    }

    /// Returns the name and version of the engine whose log this is, such as `Docker/29.6.0 (linux)`, or `Libpod/5.8.6 (linux)` for
    /// Podman. Empty if the engine does not tell, and for attached processes.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream) if the engine reports an error.
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection closes early. The stream ends after
    /// an error.
    #[expect(clippy::should_implement_trait, reason = "it is awaited")]
    #[inline]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<Chunk>>> {
        Next(self)
    }

    /// Polls for the next chunk, whatever its framing.
    #[inline(never)]
    fn poll_any(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk>>> {
        match ready!(self.poll_chunk(cx)) {
            Some(Err(error)) => {
                (self.pieces, self.piece) = (None, Bytes::new());
                Poll::Ready(Some(Err(error.in_call(|| self.label.clone()))))
            }
            other => Poll::Ready(other),
        }
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk>>> {
        let Some(pieces) = &mut self.pieces else { return Poll::Ready(None) };
        if let Some(error) = self.deadlines.overdue() {
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            let chunk = match &mut self.deframer {
                Deframer::Frames(frames) => frames.next(&mut self.piece),
                Deframer::Console(console) => Ok(console.next(&mut self.piece)),
            };
            if let Some(chunk) = chunk.transpose() {
                return Poll::Ready(Some(chunk));
            }
            self.piece = Bytes::new(); // an empty handle would still keep the buffer from being reused
            match ready!(pieces.poll(cx)).filter(|piece| !(self.ends_by_reset && is_reset(piece))) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.pieces = None;
                    let last = match &mut self.deframer {
                        Deframer::Frames(frames) => frames.end().map(|()| None),
                        Deframer::Console(console) => Ok(console.end()),
                    };
                    return Poll::Ready(last.transpose());
                }
            }
        }
    }
}

fn is_reset(piece: &Result<Bytes>) -> bool {
    let source = piece.as_ref().err().and_then(std::error::Error::source);
    let source = source.and_then(|source| source.downcast_ref::<io::Error>());
    source.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
}

/// The future of [`OutputStream::next`]. The future of an `async fn` would not be inlined.
struct Next<'a>(&'a mut OutputStream);

impl Future for Next<'_> {
    type Output = Option<Result<Chunk>>;

    #[expect(clippy::inline_always, reason = "as that of `OutputStream::poll_next`")]
    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut *self.0).poll_next(cx)
    }
}

impl fmt::Debug for OutputStream {
    /// Leaves out the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputStream").field("call", &self.label).finish_non_exhaustive()
    }
}

impl Stream for OutputStream {
    type Item = Result<Chunk>;

    /// The fast path for a complete frame, which most are. It costs little more than the two atomic operations of
    /// cloning and dropping a `Bytes`.
    ///
    /// That holds only while the caller's loop has no failed store forwarding: a load that spans several recent stores
    /// waits until they are written. So everything here is inlined, and the chunk is made once and in one place. The
    /// clone's pointer is read again before the move, so that the compiler moves it word by word, as it was written.
    /// Measure each change with `benches/peers`, `logs-packed`.
    #[expect(clippy::inline_always, reason = "a chunk that is returned is moved, which takes a third longer")]
    #[inline(always)]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { deframer: Deframer::Frames(frames), piece, deadlines, .. } = &mut *self else {
            return self.poll_any(cx);
        };
        if deadlines.bound_the_whole() {
            return self.poll_any(cx);
        }
        let Some((source, length)) = frames.whole(piece) else { return self.poll_any(cx) };
        let mut bytes = piece.clone();
        bytes.truncate(HEADER + length);
        bytes.advance(HEADER);
        piece.advance(bytes.as_ptr_range().end.addr() - piece.as_ptr().addr());
        Poll::Ready(Some(Ok(Chunk { source, bytes, time: None })))
    }
}

super::iterable!(OutputStream);

#[cfg(test)]
mod tests {
    use super::{Chunk, Deadlines, Frames, Framing, OutputStream, Pieces};
    use crate::Limits;
    use crate::random::{Random, for_inputs};
    use crate::stream::Source;
    use crate::{ErrorKind, Result};
    use bytes::Bytes;
    use std::collections::VecDeque;
    use std::io;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};
    use tokio::io::{AsyncRead, ReadBuf};

    /// A connection that yields these pieces.
    struct Wire(VecDeque<Bytes>);

    impl AsyncRead for Wire {
        fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            buffer.put_slice(&self.0.pop_front().unwrap_or_default());
            Poll::Ready(Ok(()))
        }
    }

    fn stream(pieces: Vec<Bytes>) -> OutputStream {
        let wire = Wire(pieces.into_iter().filter(|piece| !piece.is_empty()).collect());
        let (read, _) = crate::stream::halves::split(Box::new(tokio::io::join(wire, tokio::io::sink())) as _);
        OutputStream::of(
            Pieces::upgraded(read),
            Deadlines::starting(None, Limits::new()),
            "GET /logs".into(),
            Framing::Multiplexed,
            false,
        )
    }

    /// Returns the next chunk, which must be ready.
    fn next(stream: &mut OutputStream) -> Option<Result<Chunk>> {
        match pin!(stream.next()).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(next) => next,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn frames(random: &mut Random) -> Vec<u8> {
        let mut wire = Vec::new();
        for _ in 0..random.below(12) {
            let (kind, payload) = (if random.chance(3) { 3 } else { random.pick(&[0, 1, 2]) }, random.bytes(9));
            let length = u32::try_from(payload.len()).expect("short");
            wire.extend([&[kind, 0, 0, 0], length.to_be_bytes().as_slice(), &payload].concat());
        }
        if random.chance(20) {
            random.damage(&mut wire);
        }
        wire
    }

    /// Consecutive output of one source, concatenated, and the error that ended the stream.
    type Read = (Vec<(Source, Vec<u8>)>, Option<ErrorKind>);

    fn read(mut next: impl FnMut() -> Option<Result<Chunk>>) -> Read {
        let mut runs: Vec<(Source, Vec<u8>)> = Vec::new();
        loop {
            match next() {
                None => return (runs, None),
                Some(Err(error)) => return (runs, Some(error.kind())),
                Some(Ok(chunk)) => match runs.last_mut().filter(|(source, _)| *source == chunk.source) {
                    Some((_, run)) => run.extend_from_slice(&chunk.bytes),
                    None => runs.push((chunk.source, chunk.bytes.to_vec())),
                },
            }
        }
    }

    #[test]
    fn whole_frames_are_read_as_any_others() {
        for_inputs(5_000, |random| {
            let wire = frames(random);
            let (mut frames, mut piece) = (Frames::new(false), Bytes::from(wire.clone()));
            let expected = read(|| match frames.next(&mut piece) {
                Ok(None) => frames.end().err().map(Err),
                chunk => chunk.transpose(),
            });
            for pieces in [vec![wire.clone().into()], random.cut(&wire)] {
                let mut stream = stream(pieces);
                assert_eq!(read(|| next(&mut stream)), expected);
                assert!(next(&mut stream).is_none(), "there is nothing more after the end");
            }
        });
    }

    #[test]
    fn collected_output_has_a_limit() {
        let wire = [[1, 0, 0, 0, 0, 0, 0, 2, b'a', b'b'], [2, 0, 0, 0, 0, 0, 0, 2, b'c', b'd']].concat();
        let collect = |largest| {
            let collected = pin!(stream(vec![wire.clone().into()]).collect(largest, "the log has", "use tail()"));
            match collected.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(collected) => collected,
                Poll::Pending => panic!("it waits"),
            }
        };
        assert_eq!(collect(4).expect("output"), (b"ab".to_vec(), b"cd".to_vec()));
        let error = collect(3).expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert_eq!(error.to_string(), "GET /logs: the log has more than 0 MiB; use tail()");
    }

    #[test]
    fn whole_frames_are_not_copied() {
        let mut stream = stream(vec![[1, 0, 0, 0, 0, 0, 0, 2, b'a', b'b'].repeat(3).into()]);
        let chunks: Vec<_> = (0..3).map(|_| next(&mut stream).expect("a chunk").expect("a frame")).collect();
        assert!(next(&mut stream).is_none());
        for pair in chunks.windows(2) {
            assert_eq!(pair[0].bytes, "ab");
            assert_eq!(pair[0].bytes.as_ptr_range().end.addr() + 8, pair[1].bytes.as_ptr().addr());
        }
    }
}
