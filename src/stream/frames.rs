//! Multiplexed output: frames of stdout and stderr.

use super::chunk::{Chunk, Source};
use super::stamp::{Beginning, Stamp};
use crate::{Error, ErrorKind, Result, Timestamp};
use bytes::{Buf, Bytes};

/// Decodes frames: a header `[type, 0, 0, 0, length in 4 bytes, big-endian]`, then a payload of that length.
#[derive(Debug, Default)]
pub(super) struct Frames {
    header: [u8; HEADER],
    /// Bytes of the header read so far.
    begun: usize,
    /// Bytes of the payload still to come.
    remaining: usize,
    /// The engine's own error message, from frames of type 3.
    report: Option<Vec<u8>>,
    /// Whether each frame begins with its time.
    timestamps: bool,
    /// The time at the beginning of the frame, while it is incomplete.
    stamp: Option<Stamp>,
    time: Option<Timestamp>,
    /// Whether each frame has details before its text, which are to be removed.
    pub(super) removes_details: bool,
    /// The details of the frame, and the space that ends them.
    details: Vec<u8>,
    has_details: bool,
}

/// The length of a frame's header.
pub(super) const HEADER: usize = 8;

/// An engine's error message is one line. Anything beyond this length is dropped.
const LONGEST_REPORT: usize = 4 << 10;

/// Engines escape the spaces in details. Anything longer is text.
const LONGEST_DETAILS: usize = 64 << 10;

impl Frames {
    pub(super) fn new(timestamps: bool) -> Self {
        Self { timestamps, ..Self::default() }
    }

    /// Returns source and length of the payload if the piece begins with a complete frame of output, as nearly all do.
    #[expect(clippy::inline_always, reason = "as that of `OutputStream::poll_next`")]
    #[inline(always)]
    pub(super) fn whole(&self, piece: &[u8]) -> Option<(Source, usize)> {
        let [kind, 0, 0, 0, a, b, c, d, payload @ ..] = piece else { return None };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let source = match kind {
            0 | 1 => Source::Stdout,
            2 => Source::Stderr,
            _ => return None,
        };
        let is_inside = self.begun > 0 || self.remaining > 0 || self.report.is_some();
        let is_prefixed = self.timestamps || self.removes_details;
        let is_whole = !is_inside && !is_prefixed && length > 0 && length <= payload.len();
        is_whole.then_some((source, length))
    }

    /// Takes the next chunk off the piece, if it holds one. Never allocates by a length read from the wire.
    pub(super) fn next(&mut self, piece: &mut Bytes) -> Result<Option<Chunk>> {
        loop {
            if self.remaining == 0 {
                if let Some(report) = self.report.take() {
                    return Err(failure(&report));
                }
                if !self.read_header(piece)? {
                    return Ok(None);
                }
                continue; // the frame may be empty
            }
            if piece.is_empty() {
                return Ok(None);
            }
            let length = self.remaining;
            let mut bytes = piece.split_to(length.min(piece.len()));
            self.remaining -= bytes.len();
            if let [3, ..] = self.header {
                let report = self.report.get_or_insert_default();
                let room = LONGEST_REPORT - report.len();
                report.extend_from_slice(bytes.get(..room).unwrap_or(&bytes));
                continue;
            }
            if let Some(stamp) = &mut self.stamp {
                match stamp.read(&mut bytes, length) {
                    None => continue,
                    Some(Beginning::Time(time)) => self.time = Some(time),
                    Some(Beginning::Output(begun)) => bytes = [begun, bytes].concat().into(),
                }
                self.stamp = None;
            }
            if self.removes_details && !self.has_details {
                bytes = self.remove_details(bytes);
            }
            if !bytes.is_empty() {
                let source = if let [2, ..] = self.header { Source::Stderr } else { Source::Stdout };
                return Ok(Some(Chunk { source, bytes, time: self.time.take() }));
            }
        }
    }

    /// Takes the details off the beginning of a frame. Returns them as text if no space ends them.
    fn remove_details(&mut self, mut bytes: Bytes) -> Bytes {
        let end = bytes.iter().position(|byte| *byte == b' ');
        let taken = bytes.split_to(end.map_or(bytes.len(), |space| space + 1));
        self.details.extend_from_slice(&taken);
        self.has_details = end.is_some();
        if end.is_none() && (self.remaining == 0 || self.details.len() > LONGEST_DETAILS) {
            self.has_details = true;
            return std::mem::take(&mut self.details).into();
        }
        bytes
    }

    /// Returns the details of the current frame, and the space that ends them.
    pub(super) fn details(&self) -> &[u8] {
        &self.details
    }

    /// Completes the header. Returns `false` if it needs more bytes.
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
            let message = format!("invalid frame header in multiplexed output: {:?}", self.header);
            return Err(Error::new(ErrorKind::Decode, message));
        }
        self.begun = 0;
        self.remaining = u32::from_be_bytes([a, b, c, d]) as usize;
        self.stamp = self.timestamps.then(Stamp::default);
        self.time = None;
        self.details.clear();
        self.has_details = false;
        if kind == 3 {
            self.report.get_or_insert_default();
        }
        Ok(true)
    }

    /// Checks that the stream may end here.
    pub(super) fn end(&self) -> Result<()> {
        match &self.report {
            Some(report) => Err(failure(report)),
            None if self.begun == 0 && self.remaining == 0 => Ok(()),
            None => Err(Error::new(ErrorKind::Interrupted, "the connection closed in the middle of a frame")),
        }
    }
}

/// Converts the engine's report of why the output ends.
fn failure(report: &[u8]) -> Error {
    let report = String::from_utf8_lossy(report);
    Error::new(ErrorKind::Stream, if report.trim().is_empty() { "the engine gave no reason" } else { report.trim() })
}

#[cfg(test)]
mod tests {
    use super::{Frames, LONGEST_REPORT, Source};
    use crate::random::for_inputs;
    use crate::{ErrorKind, Result, Timestamp};
    use bytes::Bytes;

    fn frame(kind: u8, payload: &str) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("short");
        [&[kind, 0, 0, 0], length.to_be_bytes().as_slice(), payload.as_bytes()].concat()
    }

    /// Returns the concatenated stdout and stderr.
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
        assert_eq!(demultiplex(&[&frame(3, "")]).expect_err("a report").message(), "the engine gave no reason");
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

    #[test]
    fn times_are_taken_off_frames_at_every_split_point() {
        let lines = [
            "2026-11-24T03:19:56.100000000Z one two\n",
            "no time\n",
            "2026-11-24T03:19:57Z ",
            "x",
            "2026-11-24T03:19:58Z \n",
        ];
        let wire = lines.map(|line| frame(1, line)).concat();
        for cut in 0..=wire.len() {
            let mut frames = Frames::new(true);
            let (mut text, mut times) = (String::new(), Vec::new());
            for piece in [&wire[..cut], &wire[cut..]] {
                let mut piece = Bytes::copy_from_slice(piece);
                while let Some(chunk) = frames.next(&mut piece).expect("a frame") {
                    text.push_str(&chunk.to_string());
                    times.extend(chunk.time.map(|time| time.to_string()));
                }
            }
            frames.end().expect("a whole frame");
            assert_eq!(text, "one two\nno time\nx\n", "cut at {cut}");
            assert_eq!(times, ["2026-11-24T03:19:56.1Z", "2026-11-24T03:19:58Z"], "cut at {cut}");
        }
    }

    #[test]
    fn details_are_taken_off_frames_at_every_split_point() {
        let texts = ["2026-11-24T03:19:56Z a=1,task=x one two\n", "2026-11-24T03:19:57Z  none\n", "nothing\n"];
        let wire = texts.map(|text| frame(1, text)).concat();
        for cut in 0..=wire.len() {
            let mut frames = Frames { removes_details: true, ..Frames::new(true) };
            let mut read: Vec<(String, String)> = Vec::new();
            for piece in [&wire[..cut], &wire[cut..]] {
                let mut piece = Bytes::copy_from_slice(piece);
                while let Some(chunk) = frames.next(&mut piece).expect("a frame") {
                    let details = String::from_utf8_lossy(frames.details()).into_owned();
                    match read.last_mut() {
                        Some((last, text)) if *last == details => text.push_str(&chunk.to_string()),
                        _ => read.push((details, chunk.to_string())),
                    }
                }
            }
            let expected = [("a=1,task=x ", "one two\n"), (" ", "none\n"), ("", "nothing\n")];
            assert_eq!(read, expected.map(|(details, text)| (details.to_owned(), text.to_owned())), "cut at {cut}");
        }
    }

    #[derive(Debug, Default, PartialEq)]
    struct Read {
        /// Consecutive output of one source, concatenated.
        runs: Vec<(Source, Vec<u8>)>,
        /// Each time, with its offset in bytes of output.
        times: Vec<(usize, Timestamp)>,
        failure: Option<(ErrorKind, String)>,
    }

    fn read(timestamps: bool, pieces: &[Bytes]) -> Read {
        let (mut frames, mut read, mut length) = (Frames::new(timestamps), Read::default(), 0);
        let mut take = |mut piece: Bytes| -> Result<()> {
            while let Some(chunk) = frames.next(&mut piece)? {
                assert!(!chunk.bytes.is_empty());
                read.times.extend(chunk.time.map(|time| (length, time)));
                length += chunk.bytes.len();
                match read.runs.last_mut() {
                    Some((source, run)) if *source == chunk.source => run.extend_from_slice(&chunk.bytes),
                    _ => read.runs.push((chunk.source, chunk.bytes.into())),
                }
            }
            assert!(piece.is_empty() && frames.report.as_ref().is_none_or(|report| report.len() <= LONGEST_REPORT));
            Ok(())
        };
        let taken = pieces.iter().cloned().try_for_each(&mut take);
        let failure = taken.and_then(|()| frames.end()).err();
        assert!(length <= pieces.iter().map(Bytes::len).sum());
        Read { failure: failure.map(|error| (error.kind(), error.message().to_owned())), ..read }
    }

    #[test]
    fn whatever_comes_is_the_same_however_it_is_cut() {
        for_inputs(2_000, |random| {
            let mut wire = Vec::new();
            for _ in 0..random.below(8) {
                let words =
                    ["2026-11-24T03:19:56.1Z", " ", "\n", "\u{e9}", "x", "0123456789012345678901234567890123456789"];
                wire.extend(frame(random.pick(&[0, 1, 1, 1, 2, 2, 3]), &random.text(&words, 6)));
            }
            if random.chance(40) {
                random.damage(&mut wire);
            }
            let timestamps = random.chance(50);
            let whole = read(timestamps, &[wire.clone().into()]);
            for _ in 0..3 {
                assert_eq!(read(timestamps, &random.cut(&wire)), whole);
            }
        });
    }

    #[test]
    fn an_endless_report_is_kept_to_its_bound() {
        let (kind, message) =
            read(false, &[frame(3, &"x".repeat(3 * LONGEST_REPORT)).into()]).failure.expect("a report");
        assert_eq!((kind, message.len()), (ErrorKind::Stream, LONGEST_REPORT));
    }
}
