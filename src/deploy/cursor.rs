//! [`Cursor`]: a position in a log, which tells new lines from lines that are read again.

use crate::container::Logs;
use crate::stream::{Line, OutputStream};
use crate::{Result, Timestamp};
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// Engines split longer lines into parts of this length. All parts carry the timestamp of the line.
const PART: usize = 16 << 10;
/// Number of recent lines that are remembered, to recognise lines that the engine sends again.
const RECENT: usize = 1024;
/// The log is reopened this much before the last line. Podman leaves out lines of exactly the time that it is given, and rounds it.
const BEFORE: Duration = Duration::from_micros(1);

/// A position in a log with timestamps.
#[derive(Default)]
pub(super) struct Cursor {
    /// The recent lines: all of the last timestamp, and others before.
    recent: VecDeque<Stamped>,
    /// The timestamp of the last line when the log was reopened, and the lines that are to come again since then.
    reopened: Option<(Timestamp, Vec<Stamped>)>,
    is_first: bool,
    is_new: bool,
    is_podman: bool,
}

/// A line: its timestamp, and the hash of its text.
pub(super) type Stamped = (Timestamp, u64);

impl Cursor {
    /// Reopens the log at the last line.
    pub(super) async fn open(&mut self, logs: Logs) -> Result<OutputStream> {
        let output = self.resume(logs).await?;
        self.is_podman = output.server().starts_with("Libpod/");
        Ok(output)
    }

    /// Returns whether the log that was opened last is Podman's.
    pub(super) fn is_podman(&self) -> bool {
        self.is_podman
    }

    fn resume(&mut self, logs: Logs) -> Logs {
        self.reopened = self.recent.back().map(|(last, _)| {
            let again = self.recent.iter().filter(|(time, _)| time >= last);
            (*last, again.copied().collect())
        });
        self.is_first = true;
        self.is_new = self.reopened.is_none();
        match &self.reopened {
            Some((last, _)) => logs.since(last.checked_sub(BEFORE).unwrap_or(*last)).timestamps(true),
            None => logs.timestamps(true),
        }
    }

    /// Returns whether the reopened log is to contain this line, which was read before.
    pub(super) fn expects(&self, line: &Line) -> bool {
        let is_it = |time| {
            let line = stamped(time, line.text.as_bytes());
            self.reopened.as_ref().is_some_and(|(_, again)| again.contains(&line))
        };
        line.time.is_some_and(is_it)
    }

    /// Returns whether a line is new. A line without a timestamp belongs to the line before it.
    pub(super) fn is_new(&mut self, time: Option<Timestamp>, text: &[u8]) -> bool {
        let Some(time) = time else { return self.is_new };
        let line = stamped(time, text);
        let is_first = std::mem::replace(&mut self.is_first, false);
        let is_known = self.reopened.as_mut().is_some_and(|(last, again)| {
            let index = again.iter().position(|known| *known == line);
            index.map(|index| again.swap_remove(index)).is_some()
                || time < *last
                // The rest of a line, which began before. With Podman, it has a timestamp of its own.
                || (time == *last && is_first)
        });
        // When a followed log is rotated, engine 20.10 sends the new file's first lines twice, or the last one. With Podman, equal
        // lines are others: it gives all lines that it reads at once the same timestamp.
        let is_again = !self.is_podman && text.len() < PART && self.recent.contains(&line);
        self.is_new = !is_known && !is_again;
        if self.is_new {
            self.recent.push_back(line);
            while self.recent.len() > RECENT && self.recent.front().is_some_and(|(oldest, _)| *oldest != time) {
                self.recent.pop_front();
            }
        }
        self.is_new
    }
}

pub(super) fn stamped(time: Timestamp, text: &[u8]) -> Stamped {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    (time, hasher.finish())
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

    /// Podman gives the lines that it reads at once the same timestamp.
    #[test]
    fn equal_lines_of_podman_are_told_by_their_number() {
        let mut cursor = Cursor { is_podman: true, ..Cursor::default() };
        drop(again(&mut cursor));
        assert!((0..3).all(|_| cursor.is_new(at(1), b"ok")), "unbroken");
        assert!(cursor.is_new(at(2), b"ok") && cursor.is_new(at(2), b"ok"));
        drop(again(&mut cursor));
        for (time, text, is_new) in [
            (at(1), "ok", false),
            (at(2), "ok", false),
            (at(2), "ok", false),
            (at(2), "ok", true),
            (at(2), "other", true),
            (at(3), "ok", true),
            (at(3), "ok", true),
        ] {
            assert_eq!(cursor.is_new(time, text.as_bytes()), is_new, "{time:?} {text}");
        }
        drop(again(&mut cursor));
        let lines = ["e rest of a long line", "ok", "ok", "ok"].map(|text| cursor.is_new(at(3), text.as_bytes()));
        assert_eq!(lines, [false, false, false, true]);
    }

    /// A line has the timestamp of its first part, but comes when it ends.
    #[test]
    fn a_line_that_ends_after_later_ones_hides_none_and_doubles_none() {
        let mut cursor = Cursor { is_podman: true, ..Cursor::default() };
        drop(again(&mut cursor));
        assert!(cursor.is_new(at(2), b"stderr") && cursor.is_new(at(1), b"stdout"));
        drop(again(&mut cursor));
        assert!(!cursor.is_new(at(2), b"stderr") && !cursor.is_new(at(1), b"stdout") && cursor.is_new(at(3), b"new"));
    }

    #[test]
    fn equal_parts_of_a_long_line_are_all_new() {
        let mut cursor = Cursor::default();
        drop(again(&mut cursor));
        let part = vec![b'a'; PART];
        assert!(cursor.is_new(at(1), &part) && cursor.is_new(at(1), &part));
    }
}
