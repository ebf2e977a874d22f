//! The raw output of a terminal.

use super::chunk::{Chunk, Source};
use super::stamp::{Beginning, Stamp};
use crate::Timestamp;
use bytes::Bytes;

/// Passes a terminal's bytes through. With timestamps, splits them into lines to remove each line's time.
#[derive(Debug)]
pub(super) struct Console {
    stamp: Option<Stamp>,
    at_start: bool,
    time: Option<Timestamp>,
}

impl Console {
    pub(super) fn new(timestamps: bool) -> Self {
        Self { stamp: timestamps.then(Stamp::default), at_start: true, time: None }
    }

    /// Takes the next chunk off the piece, if it holds one.
    pub(super) fn next(&mut self, piece: &mut Bytes) -> Option<Chunk> {
        let Some(stamp) = &mut self.stamp else { return self.chunk(std::mem::take(piece)) };
        if self.at_start && !piece.is_empty() {
            let beginning = stamp.read(piece, usize::MAX)?;
            self.at_start = false;
            match beginning {
                Beginning::Time(time) => self.time = Some(time),
                Beginning::Output(begun) if begun.is_empty() => {}
                Beginning::Output(begun) => return self.chunk(begun),
            }
        }
        let line = piece.iter().position(|byte| *byte == b'\n').map(|end| end + 1);
        self.at_start |= line.is_some();
        let line = piece.split_to(line.unwrap_or(piece.len()));
        self.chunk(line)
    }

    /// Returns the rest at the end of the stream.
    pub(super) fn end(&mut self) -> Option<Chunk> {
        let begun = self.stamp.as_mut()?.end()?;
        self.chunk(begun)
    }

    fn chunk(&mut self, bytes: Bytes) -> Option<Chunk> {
        if bytes.is_empty() {
            return None;
        }
        Some(Chunk { source: Source::Console, bytes, time: self.time.take() })
    }
}

#[cfg(test)]
mod tests {
    use super::Console;
    use crate::random::for_inputs;
    use bytes::Bytes;

    fn read(timestamps: bool, pieces: &[&str]) -> Vec<(Option<String>, String)> {
        let mut console = Console::new(timestamps);
        let mut chunks = Vec::new();
        for piece in pieces {
            let mut piece = Bytes::copy_from_slice(piece.as_bytes());
            chunks.extend(std::iter::from_fn(|| console.next(&mut piece)));
        }
        chunks.extend(console.end());
        chunks.into_iter().map(|chunk| (chunk.time.map(|time| time.to_string()), chunk.to_string())).collect()
    }

    #[test]
    fn bytes_go_on_at_once() {
        assert_eq!(read(false, &["login: ", "\u{1}x\r\n"]), [(None, "login: ".into()), (None, "\u{1}x\r\n".into())]);
    }

    #[test]
    fn times_are_taken_off_lines_at_every_split_point() {
        let wire = "2026-11-24T03:19:56.100000000Z one two\r\n2026-11-24T03:19:57.000000000+01:00 \r\nno time\n2026-";
        for cut in 0..=wire.len() {
            let chunks = read(true, &[&wire[..cut], &wire[cut..]]);
            let text: String = chunks.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(text, "one two\r\n\r\nno time\n2026-", "cut at {cut}");
            let times: Vec<_> = chunks.iter().filter_map(|(time, _)| time.as_deref()).collect();
            assert_eq!(times, ["2026-11-24T03:19:56.1Z", "2026-11-24T02:19:57Z"], "cut at {cut}");
        }
    }

    /// The expected result for a line: its time, if it begins with one, and the remaining text.
    fn line(line: &str) -> (Option<String>, &str) {
        let parsed = line.split_once(' ').and_then(|(time, rest)| Some((time.parse::<crate::Timestamp>().ok()?, rest)));
        parsed.map_or((None, line), |(time, rest)| (Some(time.to_string()), rest))
    }

    #[test]
    fn whatever_comes_is_the_same_however_it_is_cut() {
        for_inputs(3_000, |random| {
            let words =
                ["2026-11-24T03:19:56.1Z ", "2026-11-24", " ", "\n", "\r\n", "x", "0123456789012345678901234567"];
            let wire = random.text(&words, 12);
            let pieces = random.cut(wire.as_bytes());
            let pieces: Vec<_> = pieces.iter().map(|piece| std::str::from_utf8(piece).expect("ASCII")).collect();
            let chunks = read(true, &pieces);
            let expected: Vec<_> = wire.split_inclusive('\n').map(line).collect();
            let (times, texts): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
            assert_eq!(texts.concat(), expected.iter().map(|(_, text)| *text).collect::<String>(), "{wire:?}");
            let expected_times = expected.into_iter().filter(|(_, text)| !text.is_empty()).filter_map(|(time, _)| time);
            assert_eq!(times.into_iter().flatten().collect::<Vec<_>>(), expected_times.collect::<Vec<_>>(), "{wire:?}");
        });
    }
}
