//! [`Body`]: where the body of an answer ends.

use super::Malformed;
use super::chunks::{Chunks, take};
use bytes::{Bytes, BytesMut};

/// What is still to come of the body of an answer.
#[derive(Debug, Default)]
pub(crate) enum Body {
    #[default]
    Over,
    /// So many bytes.
    Length(u64),
    Chunked(Chunks),
    /// Whatever comes until the engine closes the connection.
    UntilClose,
}

/// What the bytes that are there have of a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Bytes(Bytes),
    /// Nothing yet: more has to be read.
    Missing,
    End,
}

impl Body {
    pub(crate) fn chunked() -> Self {
        Self::Chunked(Chunks::default())
    }

    pub(crate) fn of_length(length: u64) -> Self {
        if length == 0 { Self::Over } else { Self::Length(length) }
    }

    /// Takes the next piece off `buffer`, as much as is there at once, and does not copy it.
    #[inline]
    pub(crate) fn next(&mut self, buffer: &mut BytesMut) -> Result<Piece, Malformed> {
        let (piece, is_over) = match self {
            Self::Over => return Ok(Piece::End),
            Self::Chunked(chunks) => match chunks.next(buffer)? {
                Piece::End => (Piece::End, true),
                piece => return Ok(piece),
            },
            _ if buffer.is_empty() => return Ok(Piece::Missing),
            Self::UntilClose => (Piece::Bytes(buffer.split().freeze()), false),
            Self::Length(left) => {
                let piece = take(buffer, *left);
                *left -= piece.len() as u64;
                (Piece::Bytes(piece), *left == 0)
            }
        };
        if is_over {
            *self = Self::Over;
        }
        Ok(piece)
    }

    /// How many bytes are sure to come next, as far as was announced.
    pub(crate) fn announced(&self) -> u64 {
        match self {
            Self::Over | Self::UntilClose => 0,
            Self::Length(left) => *left,
            Self::Chunked(chunks) => chunks.announced(),
        }
    }

    /// Whether the engine may close the connection now.
    pub(crate) fn may_end(&self) -> bool {
        matches!(self, Self::Over | Self::UntilClose)
    }
}
