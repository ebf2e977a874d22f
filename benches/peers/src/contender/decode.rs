//! Decoding by hand, which the floor and the bare hyper connection share.

use longshore::stream::Progress;
use std::hint::black_box;

/// Takes frames apart and counts them.
#[derive(Default)]
pub struct Frames {
    header: [u8; 8],
    begun: usize,
    remaining: usize,
    pub payload: u64,
}

impl Frames {
    pub fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.remaining > 0 {
                let (part, rest) = bytes.split_at(self.remaining.min(bytes.len()));
                self.remaining -= part.len();
                self.payload += black_box(part).len() as u64;
                bytes = rest;
                continue;
            }
            let (part, rest) = bytes.split_at((8 - self.begun).min(bytes.len()));
            self.header[self.begun..self.begun + part.len()].copy_from_slice(part);
            self.begun += part.len();
            if self.begun == 8 {
                let [_, _, _, _, length @ ..] = self.header;
                self.remaining = u32::from_be_bytes(length) as usize;
                self.begun = 0;
            }
            bytes = rest;
        }
    }
}

/// Takes records apart at line breaks, and decodes and counts them.
#[derive(Default)]
pub struct Records {
    begun: Vec<u8>,
    pub count: u64,
}

impl Records {
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end + 1);
            if self.begun.is_empty() {
                self.decode(line);
            } else {
                self.begun.extend_from_slice(line);
                let line = std::mem::take(&mut self.begun);
                self.decode(&line);
            }
            bytes = rest;
        }
        self.begun.extend_from_slice(bytes);
    }

    fn decode(&mut self, line: &[u8]) {
        black_box(serde_json::from_slice::<Progress>(line).expect("a step"));
        self.count += 1;
    }
}
