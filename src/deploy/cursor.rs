//! [`Cursor`]: a position in a log, which tells new lines from lines that are read again.

use crate::Timestamp;
use crate::container::Logs;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Engines split longer lines into parts of this length. All parts carry the timestamp of the line.
const PART: usize = 16 << 10;
/// Number of recent lines that are remembered, to recognise lines that the engine sends twice.
const RECENT: usize = 1024;

/// A position in a log with timestamps.
#[derive(Default)]
pub(super) struct Cursor {
    /// The timestamp of the last line, and the number of lines with that timestamp.
    last: Option<(Timestamp, usize)>,
    /// The recent lines: timestamp and hash of the text.
    recent: VecDeque<(Timestamp, u64)>,
    /// The value of `last` when the log was reopened.
    known: Option<(Timestamp, usize)>,
    is_new: bool,
}

impl Cursor {
    /// Reopens the log at the last line.
    pub(super) fn resume(&mut self, logs: Logs) -> Logs {
        self.known = self.last;
        self.is_new = self.known.is_none();
        match self.last {
            Some((time, _)) => logs.since(time).timestamps(true),
            None => logs.timestamps(true),
        }
    }

    /// Returns whether a line is new. A line without a timestamp belongs to the line before it.
    pub(super) fn is_new(&mut self, time: Option<Timestamp>, text: &[u8]) -> bool {
        let Some(time) = time else { return self.is_new };
        let is_known = match &mut self.known {
            Some((last, count)) if time == *last && *count > 0 => {
                *count -= 1;
                true
            }
            Some((last, _)) => time < *last,
            None => false,
        };
        // When a followed log is rotated, engine 20.10 sends the new file's first lines twice, or the last one.
        let line = (time, hash(text));
        let is_again = text.len() < PART && self.recent.contains(&line);
        self.is_new = !is_known && !is_again;
        if self.is_new {
            match &mut self.last {
                Some((last, count)) if *last == time => *count += 1,
                last => *last = Some((time, 1)),
            }
            if self.recent.len() == RECENT {
                self.recent.pop_front();
            }
            self.recent.push_back(line);
        }
        self.is_new
    }
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{Cursor, PART};
    use crate::Timestamp;
    use crate::container::Logs;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    fn again(cursor: &mut Cursor) -> Logs {
        let docker = crate::Docker::connect("unix:///nowhere").expect("a client");
        cursor.resume(docker.container("web").logs())
    }

    #[test]
    fn what_was_read_before_is_known_again() {
        let mut cursor = Cursor::default();
        drop(again(&mut cursor));
        for (time, text, is_new) in [
            (at(1), "a", true),
            (at(2), "b", true),
            (at(2), "c", true),
            (at(2), "c", false), // sent twice by the engine at a rotation
            (None, "rest", false),
            (at(1), "out of order", true),
            (at(2), "d", true),
            (at(1), "a", false), // the beginning of the file, sent twice
            (at(2), "b", false),
            (at(2), "c", false),
        ] {
            assert_eq!(cursor.is_new(time, text.as_bytes()), is_new, "{text}");
        }
        drop(again(&mut cursor));
        for (time, text, is_new) in [(at(2), "d", false), (at(2), "e", true), (None, "rest", true), (at(3), "f", true)]
        {
            assert_eq!(cursor.is_new(time, text.as_bytes()), is_new, "{text}");
        }
    }

    #[test]
    fn equal_parts_of_a_long_line_are_all_new() {
        let mut cursor = Cursor::default();
        drop(again(&mut cursor));
        let part = vec![b'a'; PART];
        assert!(cursor.is_new(at(1), &part) && cursor.is_new(at(1), &part));
    }
}
