//! The timestamp that an engine puts before output on request.

use crate::Timestamp;
use bytes::{Buf, Bytes};

/// No RFC 3339 time is longer, in any zone and precision.
const LONGEST: usize = 40;

/// Removes the time at the beginning of output: RFC 3339 and a space, in one part or several.
#[derive(Debug, Default)]
pub(super) struct Stamp {
    begun: Vec<u8>,
}

/// The beginning of the output, once it is decided.
#[derive(Debug, PartialEq)]
pub(super) enum Beginning {
    Time(Timestamp),
    /// There is no time. These bytes are output.
    Output(Bytes),
}

impl Stamp {
    /// Reads from a part of the output, of which `length` bytes are left in total. `None` if it needs more bytes.
    pub(super) fn read(&mut self, part: &mut Bytes, length: usize) -> Option<Beginning> {
        let reach = part.len().min(length).min(LONGEST - self.begun.len());
        let end = part.iter().take(reach).position(|byte| matches!(byte, b' ' | b'\n'));
        let taken = part.split_to(end.unwrap_or(reach));
        self.begun.extend_from_slice(&taken);
        if end.is_none() && self.begun.len() < LONGEST && reach < length {
            return None;
        }
        let begun = std::mem::take(&mut self.begun);
        let has_space = end.is_some() && part.first() == Some(&b' ');
        let time = std::str::from_utf8(&begun).ok().filter(|_| has_space).and_then(|text| text.parse().ok());
        Some(match time {
            Some(time) => {
                part.advance(1); // the space
                Beginning::Time(time)
            }
            None => Beginning::Output(begun.into()),
        })
    }

    /// Returns the incomplete beginning when the output ends early.
    pub(super) fn end(&mut self) -> Option<Bytes> {
        Some(std::mem::take(&mut self.begun)).filter(|begun| !begun.is_empty()).map(Bytes::from)
    }
}
