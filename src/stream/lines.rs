//! Lines of a process's output.

use super::chunk::{Chunk, Source};
use super::output::OutputStream;
use crate::{Result, Timestamp};
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Longer lines are split: 1 MiB, without the line break.
const LONGEST: usize = 1 << 20;

/// A line of a process's output, without its line break. Invalid UTF-8 is replaced by `�`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Line {
    /// The stream that the process wrote to.
    pub source: Source,
    /// The text. A line of more than 1 MiB is split into several.
    pub text: String,
    /// When the line was written, if [`timestamps`](crate::container::Logs::timestamps) are enabled.
    pub time: Option<Timestamp>,
    /// Whether a line break ended the line. `false` at the end of the output, before an error, for the parts of a split line
    /// except the last one, and where a container ended a run without a line break: the next run's first line has a time of its own,
    /// if [`timestamps`](crate::container::Logs::timestamps) are enabled. With Podman, the next run's first line continues it.
    pub is_whole: bool,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Yields the lines of a process's output, from [`OutputStream::lines`].
///
/// Lines of stdout and stderr are yielded in the order in which they end. The last line needs no line break.
#[must_use = "output is not read unless it is asked for"]
pub struct Lines {
    output: OutputStream,
    assembly: Assembly,
}

impl OutputStream {
    /// Converts the chunks into lines.
    pub fn lines(mut self) -> Lines {
        self.remove_details(); // from the parts of a line too: a line has them once
        // Podman gives each part of a line the time at which it read that part.
        let parts_have_times = self.server().starts_with("Libpod/");
        Lines { output: self, assembly: Assembly { parts_have_times, ..Assembly::default() } }
    }
}

impl Lines {
    /// Returns the next line, or `None` at the end.
    ///
    /// # Errors
    /// The errors of [`OutputStream::next`]. Text that arrived before the error is yielded first.
    pub async fn next(&mut self) -> Option<Result<Line>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl fmt::Debug for Lines {
    /// Leaves out the lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").field("output", &self.output).finish_non_exhaustive()
    }
}

impl Stream for Lines {
    type Item = Result<Line>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(line) = self.assembly.whole.pop_front() {
                return Poll::Ready(Some(line));
            }
            match ready!(Pin::new(&mut self.output).poll_next(cx)) {
                Some(Ok(chunk)) => {
                    let Self { output, assembly } = &mut *self;
                    assembly.push(&chunk, output.details());
                }
                Some(Err(error)) => {
                    self.assembly.end();
                    self.assembly.whole.push_back(Err(error));
                }
                None => {
                    self.assembly.end();
                    if self.assembly.whole.is_empty() {
                        return Poll::Ready(None);
                    }
                }
            }
        }
    }
}

super::iterable!(Lines);

/// Number of lines that are assembled at a time. Each task of a service may write one.
const MOST_BEGUN: usize = 64;

/// Engines split longer lines into parts of this length. In journals of Docker before 23, each part has its own time.
const PART: usize = 16 << 10;

/// Assembles chunks into lines, separately for each source and each task.
#[derive(Default)]
struct Assembly {
    whole: VecDeque<Result<Line>>,
    begun: Vec<Begun>,
    /// Whether a line goes on where the time changes.
    parts_have_times: bool,
}

/// A line that is not complete yet.
struct Begun {
    source: Source,
    /// Precede the text of each line, and name the task.
    details: Vec<u8>,
    bytes: Vec<u8>,
    time: Option<Timestamp>,
}

impl Assembly {
    fn push(&mut self, chunk: &Chunk, details: &[u8]) {
        let mut begun = self.take_begun(chunk.source, details);
        // With Docker, all parts of a line have the time of the line: this one was left without a line break.
        let is_other_time = chunk.time.is_some_and(|time| begun.time.is_some_and(|of_line| of_line != time));
        if is_other_time && begun.bytes.len() % PART != 0 && !self.parts_have_times {
            self.whole.extend(begun.rest().map(Ok));
        }
        begun.time = begun.time.or(chunk.time);
        for part in chunk.bytes.split_inclusive(|byte| *byte == b'\n') {
            begun.bytes.extend_from_slice(part);
            while let Some(line) = begun.next() {
                self.whole.push_back(Ok(line));
            }
        }
        if details.is_empty() || !begun.bytes.is_empty() {
            self.begun.push(begun);
        }
        if self.begun.len() > MOST_BEGUN {
            self.whole.extend(self.begun.remove(0).rest().map(Ok));
        }
    }

    fn take_begun(&mut self, source: Source, details: &[u8]) -> Begun {
        let index = self.begun.iter().position(|begun| begun.source == source && begun.details == details);
        let new = || Begun { source, details: details.to_vec(), bytes: Vec::new(), time: None };
        index.map_or_else(new, |index| self.begun.remove(index))
    }

    /// Releases the rest, which has no line break.
    fn end(&mut self) {
        self.whole.extend(self.begun.drain(..).filter_map(|mut begun| begun.rest().map(Ok)));
    }
}

impl Begun {
    /// Takes the line, if it is complete, or the part that is too long.
    fn next(&mut self) -> Option<Line> {
        let line = self.bytes.strip_suffix(b"\n");
        let text = line.unwrap_or(&self.bytes);
        // A line break may follow.
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.len() > LONGEST {
            return Some(self.take(boundary(text, LONGEST), 0));
        }
        let (length, line_break) = (text.len(), self.bytes.len() - text.len());
        line.is_some().then(|| self.take(length, line_break))
    }

    /// Takes what has no line break yet, if there is anything.
    fn rest(&mut self) -> Option<Line> {
        (!self.bytes.is_empty()).then(|| self.take(self.bytes.len(), 0))
    }

    /// Takes the first bytes as a line, and removes its line break.
    fn take(&mut self, length: usize, line_break: usize) -> Line {
        let bytes = self.bytes.get(..length).unwrap_or(&self.bytes);
        let text = String::from_utf8_lossy(&self.details).into_owned() + &String::from_utf8_lossy(bytes);
        self.bytes.drain(..length + line_break);
        Line { source: self.source, text, time: self.time.take(), is_whole: line_break > 0 }
    }
}

/// Returns the last place up to `end` where no character is cut.
fn boundary(bytes: &[u8], end: usize) -> usize {
    // A character has at most 4 bytes, so an incomplete one has at most 3.
    let cut = |start: usize| match std::str::from_utf8(bytes.get(start..end)?) {
        Err(error) if error.error_len().is_none() => Some(start + error.valid_up_to()),
        _ => None,
    };
    (end.saturating_sub(3)..end).find_map(cut).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::{Assembly, LONGEST};
    use crate::random::for_inputs;
    use crate::stream::{Chunk, Source};

    fn lines(chunks: &[(Source, &[u8])]) -> Vec<String> {
        let mut assembly = Assembly::default();
        for (source, bytes) in chunks {
            assembly.push(&Chunk { source: *source, bytes: bytes.to_vec().into(), time: None }, b"");
        }
        assembly.end();
        assembly.whole.into_iter().map(|line| line.expect("a line").text).collect()
    }

    #[test]
    fn sources_do_not_mix_and_characters_stay_whole() {
        use Source::{Stderr, Stdout};
        let chunks: [(_, &[u8]); 5] =
            [(Stdout, b"caf\xc3"), (Stderr, b"oops\r\n\nlast"), (Stdout, b"\xa9\n"), (Stdout, b""), (Stdout, b"x")];
        assert_eq!(lines(&chunks), ["oops", "", "café", "last", "x"]);
    }

    /// Runs of a container that ended without a line break, and parts of long lines of several tasks.
    #[test]
    fn lines_end_with_their_time_and_their_task() {
        let mut assembly = Assembly::default();
        for (second, details, text) in [
            (1, "", "prompt"),
            (2, "", "first\n"),
            (3, "", "part and "),
            (3, "", "part\n"),
            (4, "task=1 ", "long "),
            (5, "task=2 ", "short\n"),
            (4, "task=1 ", "line\n"),
            (6, "task=1 ", "left"),
        ] {
            let time = crate::Timestamp::from_second(second).ok();
            let chunk = Chunk { source: Source::Stdout, bytes: text.as_bytes().to_vec().into(), time };
            assembly.push(&chunk, details.as_bytes());
        }
        assembly.end();
        let lines = assembly.whole.into_iter().map(|line| line.expect("a line"));
        let lines: Vec<_> =
            lines.map(|line| (line.time.map_or(0, crate::Timestamp::as_second), line.text, line.is_whole)).collect();
        let expected = [
            (1, "prompt", false),
            (2, "first", true),
            (3, "part and part", true),
            (5, "task=2 short", true),
            (4, "task=1 long line", true),
            (6, "task=1 left", false),
        ];
        assert_eq!(lines, expected.map(|(time, text, is_whole)| (time, text.to_owned(), is_whole)));
    }

    /// Podman's parts end where it has read to, and have the time at which it read.
    #[test]
    fn parts_with_a_time_of_their_own_are_one_line() {
        let mut assembly = Assembly { parts_have_times: true, ..Assembly::default() };
        for (second, source, text) in [
            (1, Source::Stdout, "part"),
            (2, Source::Stderr, "oops\n"),
            (3, Source::Stdout, "ial\n"),
            (3, Source::Stdout, "whole\n"),
            (3, Source::Stdout, "re"),
            (4, Source::Stdout, "st\n"),
        ] {
            let time = crate::Timestamp::from_second(second).ok();
            assembly.push(&Chunk { source, bytes: text.into(), time }, b"");
        }
        let lines = assembly.whole.into_iter().map(|line| line.expect("a line"));
        let lines: Vec<_> = lines.map(|line| (line.time.map_or(0, crate::Timestamp::as_second), line.text)).collect();
        let expected = [(2, "oops"), (1, "partial"), (3, "whole"), (3, "rest")];
        assert_eq!(lines, expected.map(|(time, text)| (time, text.to_owned())));
    }

    #[test]
    fn lines_that_never_end_have_a_bound() {
        let mut assembly = Assembly::default();
        for task in 0..1000 {
            let chunk = Chunk { source: Source::Stdout, bytes: "x".into(), time: None };
            assembly.push(&chunk, format!("task={task} ").as_bytes());
        }
        assert_eq!(assembly.begun.len(), super::MOST_BEGUN);
        assert_eq!(assembly.whole.pop_front().expect("the first").expect("a line").text, "task=0 x");
    }

    #[test]
    fn an_endless_line_comes_in_parts() {
        let piece = vec![b'x'; LONGEST / 2];
        let lines = lines(&[(Source::Console, &piece), (Source::Console, &piece), (Source::Console, &piece)]);
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [LONGEST, LONGEST / 2]);
    }

    #[test]
    fn a_cut_is_never_within_a_character_or_a_line_break() {
        for before in ["", "x", "xx", "xxx"] {
            for character in ["\u{e9}", "\u{20ac}", "\u{1f6a2}"] {
                let text = before.to_owned() + &character.repeat(LONGEST);
                let lines = lines(&[(Source::Stdout, text.as_bytes())]);
                assert!(lines.iter().all(|line| line.len() <= LONGEST));
                assert!(lines.concat() == text, "{before}{character}");
            }
        }
        let text = "x".repeat(LONGEST);
        for chunks in [[&text[..], "\r\n", ""], [&text, "\r", "\n"], [&text[1..], "x\r\n", ""]] {
            let chunks = chunks.map(|chunk| (Source::Stdout, chunk.as_bytes()));
            assert!(lines(&chunks) == [&text[..]], "a line of the full length is one");
        }
        let chunks = [(Source::Stdout, text.as_bytes()), (Source::Stdout, b"\ry\n")];
        assert!(lines(&chunks) == [&text[..], "\ry"], "a carriage return alone is text");
    }

    #[test]
    fn whatever_comes_has_the_same_lines_however_it_is_cut() {
        for_inputs(1_000, |random| {
            let wire = random.text(&["\n", "\r", "\r\n", "\u{e9}", "\u{1f6a2}", "x", "word "], 20);
            let expected: Vec<_> = wire
                .split_inclusive('\n')
                .map(|line| line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line))
                .collect();
            let pieces = random.cut(wire.as_bytes());
            let chunks: Vec<_> = pieces.iter().map(|piece| (Source::Stdout, &piece[..])).collect();
            assert_eq!(lines(&chunks), expected, "{wire:?}");
        });
    }
}
