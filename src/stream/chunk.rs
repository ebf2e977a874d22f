//! [`Chunk`]: a piece of a process's output.

use crate::Timestamp;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a piece of output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[repr(u32)] // leaves no gap in a `Chunk`
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
/// It displays as text; what is not UTF-8 shows as `�`. [`OutputStream::lines`](super::OutputStream::lines) gives whole lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Chunk {
    /// Where it comes from.
    pub source: Source,
    /// The bytes, never empty.
    pub bytes: Bytes,
    /// When the line was written that begins here, if [`timestamps`](crate::container::Logs::timestamps) were asked for.
    /// `None` in the middle of a line.
    pub time: Option<Timestamp>,
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}
