//! Writing the frames of a client, which are masked.

use bytes::{BufMut, BytesMut};
use std::hash::{BuildHasher, RandomState};

/// What a frame is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opcode {
    Binary = 2,
    Close = 8,
    Pong = 10,
}

/// Writes frames, each with a mask of its own that nobody can foresee: a keyed hash of a count.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    masks: RandomState,
    count: u64,
}

impl Encoder {
    /// Appends a frame that is a whole message.
    pub(super) fn frame(&mut self, out: &mut BytesMut, opcode: Opcode, payload: &[u8]) {
        const FINAL: u8 = 0x80;
        const MASKED: u8 = 0x80;
        out.reserve(14 + payload.len());
        out.put_u8(FINAL | opcode as u8);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length), _) if length < 126 => out.put_u8(MASKED | length),
            (_, Ok(length)) => {
                out.put_u8(MASKED | 0x7e);
                out.put_u16(length);
            }
            _ => {
                out.put_u8(MASKED | 0x7f);
                out.put_u64(payload.len() as u64);
            }
        }
        self.count += 1;
        let [a, b, c, d, ..] = self.masks.hash_one(self.count).to_ne_bytes();
        let mask = [a, b, c, d];
        out.put_slice(&mask);
        out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    }
}
