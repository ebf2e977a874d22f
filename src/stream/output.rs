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
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// How output is framed. The engine says so by the answer's type; the bytes themselves never tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// A header of 8 bytes precedes each piece.
    Multiplexed,
    /// A terminal's bytes.
    Raw,
}

/// Yields the output of a process, from [`Container::logs`](crate::container::Container::logs),
/// [`Container::attach`](crate::container::Container::attach) or [`Exec::start`](crate::exec::Exec::start).
///
/// Bytes are handed on as they arrive, without being copied. An error that the engine reports on the way, and a stream that
/// breaks off, are `Err` and the last item.
#[must_use = "output is not read unless it is asked for"]
pub struct OutputStream {
    pieces: Option<Pieces>,
    deadlines: Deadlines,
    deframer: Deframer,
    piece: Bytes,
    label: String,
}

enum Deframer {
    Frames(Frames),
    Console(Console),
}

impl OutputStream {
    /// With `timestamps`, each line begins with its time, which is taken off.
    pub(crate) fn new((body, label): (ResponseBody, String), framing: Framing, timestamps: bool) -> Self {
        let deadlines = body.deadlines();
        Self::of(Pieces::Body(body), deadlines, label, framing, timestamps)
    }

    pub(super) fn of(pieces: Pieces, deadlines: Deadlines, label: String, framing: Framing, timestamps: bool) -> Self {
        let deframer = match framing {
            Framing::Multiplexed => Deframer::Frames(Frames::new(timestamps)),
            Framing::Raw => Deframer::Console(Console::new(timestamps)),
        };
        Self { pieces: Some(pieces), deadlines, deframer, piece: Bytes::new(), label }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// An error that the engine reports ([`ErrorKind::Stream`](crate::ErrorKind::Stream)), or a connection that ends early
    /// ([`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted)). There is nothing more after it.
    #[expect(clippy::should_implement_trait, reason = "it is awaited")]
    #[inline]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<Chunk>>> {
        Next(self)
    }

    /// The next chunk, however it is cut.
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
            self.piece = Bytes::new(); // it is empty, but would keep the memory from being read into again
            match ready!(pieces.poll(cx)) {
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

/// What [`OutputStream::next`] returns: the future of an `async fn` would not be inlined.
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
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputStream").field("call", &self.label).finish_non_exhaustive()
    }
}

impl Stream for OutputStream {
    type Item = Result<Chunk>;

    /// A frame that is here as a whole, as most are, costs little more than the two atomic operations of a `Bytes` that is
    /// cloned and dropped, as long as nothing in the caller's loop waits for a store: a load does that which takes more
    /// than one store before it has written. So all of this is inlined, the chunk is made once and in one place, and the
    /// clone's pointer is read again before it is moved, which has the compiler move it as it was written, by the word.
    /// Whoever changes it measures it: `benches/peers`, `logs-packed`.
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

    /// What is read, piece by piece.
    struct Wire(VecDeque<Bytes>);

    impl AsyncRead for Wire {
        fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            buffer.put_slice(&self.0.pop_front().unwrap_or_default());
            Poll::Ready(Ok(()))
        }
    }

    fn stream(pieces: Vec<Bytes>) -> OutputStream {
        let wire = Wire(pieces.into_iter().filter(|piece| !piece.is_empty()).collect());
        let (read, _) = tokio::io::split(Box::new(tokio::io::join(wire, tokio::io::sink())) as _);
        OutputStream::of(
            Pieces::upgraded(read),
            Deadlines::starting(None, Limits::new()),
            "GET /logs".into(),
            Framing::Multiplexed,
            false,
        )
    }

    /// The next chunk, for which nothing has to be waited.
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

    /// What one source wrote, until another did, and why there is no more.
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
