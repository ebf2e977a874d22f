//! [`Chunk`]: a part of a process's output.

use crate::Timestamp;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The origin of a chunk of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[repr(u32)] // avoids padding in a `Chunk`
pub enum Source {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// A terminal, which combines standard output and standard error.
    Console,
}

impl Source {
    /// Returns the name: `stdout`, `stderr` or `console`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
            Self::Console => "console",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A part of a process's output, exactly as it arrived. It may end in the middle of a line or of a character.
///
/// Its `Display` is the text, with `�` for invalid UTF-8. [`OutputStream::lines`](super::OutputStream::lines) yields
/// whole lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Chunk {
    /// The stream that the process wrote to.
    pub source: Source,
    /// The bytes, never empty.
    pub bytes: Bytes,
    /// When the line that begins here was written, if [`timestamps`](crate::container::Logs::timestamps) are enabled.
    /// `None` in the middle of a line, except for the parts in which the engine has read a long line.
    pub time: Option<Timestamp>,
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}
