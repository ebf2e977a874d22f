//! [`Chunks`]: the chunks of a body (RFC 9112, section 7.1).

use super::{Malformed, Piece};
use bytes::{Buf, Bytes, BytesMut};

/// The longest line between two chunks, and the longest trailer: both are empty from engines.
pub(super) const LONGEST_LINE: usize = 16 << 10;

/// How far the chunks of a body are read.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    /// So much of the chunk is to come.
    left: u64,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before the length of the first chunk.
    #[default]
    First,
    /// In a chunk, or behind it: its line end and the length of the next one follow.
    Chunk,
    /// Behind the last chunk; so much was there of the trailer.
    Trailer(usize),
    End,
}

impl Chunks {
    /// How many bytes are sure to come next.
    pub(super) fn announced(&self) -> u64 {
        self.left
    }

    #[inline]
    pub(super) fn next(&mut self, buffer: &mut BytesMut) -> Result<Piece, Malformed> {
        if self.left == 0 && !self.next_chunk(buffer)? {
            return Ok(if self.place == Place::End { Piece::End } else { Piece::Missing });
        }
        if buffer.is_empty() {
            return Ok(Piece::Missing);
        }
        let piece = take(buffer, self.left);
        self.left -= piece.len() as u64;
        Ok(Piece::Bytes(piece))
    }

    /// Reads what is between two chunks; `false` if more of it has to come, or nothing comes any more.
    fn next_chunk(&mut self, buffer: &mut BytesMut) -> Result<bool, Malformed> {
        let line_end = match (self.place, &**buffer) {
            (Place::Trailer(_) | Place::End, _) => return self.read_trailer(buffer).map(|()| false),
            (Place::First, _) => 0,
            (Place::Chunk, [b'\r', b'\n', ..]) => 2,
            (Place::Chunk, [b'\n', ..]) => 1,
            (Place::Chunk, [] | [b'\r']) => return Ok(false),
            (Place::Chunk, _) => return Err(Malformed::ChunkEnd),
        };
        let Some((length, line)) = read_length(buffer.get(line_end..).unwrap_or_default())? else { return Ok(false) };
        buffer.advance(line_end + line);
        if length == 0 {
            self.place = Place::Trailer(0);
            return self.read_trailer(buffer).map(|()| false);
        }
        (self.left, self.place) = (length, Place::Chunk);
        Ok(true)
    }

    /// Passes over the lines of the trailer, to the empty one.
    fn read_trailer(&mut self, buffer: &mut BytesMut) -> Result<(), Malformed> {
        while let Place::Trailer(before) = self.place {
            let Some(end) = buffer.iter().position(|byte| *byte == b'\n') else {
                return if before + buffer.len() > LONGEST_LINE { Err(Malformed::LongLine) } else { Ok(()) };
            };
            let is_empty = matches!(buffer.get(..end), Some([] | [b'\r']));
            buffer.advance(end + 1);
            let length = before + end + 1;
            self.place = match () {
                () if is_empty => Place::End,
                () if length > LONGEST_LINE => return Err(Malformed::LongLine),
                () => Place::Trailer(length),
            };
        }
        Ok(())
    }
}

/// The number in the line that a chunk begins with, and the line's length; `None` if more of the line has to come.
fn read_length(bytes: &[u8]) -> Result<Option<(u64, usize)>, Malformed> {
    let (mut length, mut digits) = (0_u64, 0);
    for byte in bytes {
        let Some(digit) = char::from(*byte).to_digit(16) else { break };
        length = length.checked_mul(16).ok_or(Malformed::ChunkLength)? | u64::from(digit);
        digits += 1;
    }
    if digits > 16 {
        return Err(Malformed::ChunkLength); // of zeros
    }
    match bytes.get(digits..).unwrap_or_default() {
        [] | [b'\r'] => Ok(None),
        _ if digits == 0 => Err(Malformed::ChunkLength),
        [b'\r', b'\n', ..] => Ok(Some((length, digits + 2))),
        [b'\n', ..] => Ok(Some((length, digits + 1))),
        // An extension, which says nothing to anybody; some pad the number.
        rest @ [b';' | b' ' | b'\t', ..] => match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => Ok(Some((length, digits + end + 1))),
            None if rest.len() > LONGEST_LINE => Err(Malformed::LongLine),
            None => Ok(None),
        },
        _ => Err(Malformed::ChunkLength),
    }
}

/// The beginning of `buffer`, at most so much.
pub(super) fn take(buffer: &mut BytesMut, most: u64) -> Bytes {
    let length = usize::try_from(most).map_or(buffer.len(), |most| most.min(buffer.len()));
    buffer.split_to(length).freeze()
}
