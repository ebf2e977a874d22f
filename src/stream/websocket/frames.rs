//! Taking the frames of a server apart.

use bytes::{Buf, Bytes};
use std::io;

/// The status of a close that nothing is wrong with.
pub(super) const NORMAL: u16 = 1000;
/// The peer goes away.
const GOING_AWAY: u16 = 1001;
/// What a frame about the connection may carry at most.
const LONGEST_CONTROL: usize = 125;

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// What the peer sent.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    /// A piece of a message, never empty.
    Output(Bytes),
    /// To be answered with a pong that has the same in it.
    Ping(Bytes),
    /// There is nothing more; an error if something was wrong.
    Close(Result<(), Problem>),
}

/// What is wrong with what the peer sent.
#[derive(Debug, PartialEq)]
pub(super) enum Problem {
    Malformed(&'static str),
    BrokenOff,
    Closed(String),
}

impl From<Problem> for io::Error {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Malformed(what) => io::Error::new(io::ErrorKind::InvalidData, what),
            Problem::BrokenOff => io::Error::new(io::ErrorKind::UnexpectedEof, "it ended in the middle of a frame"),
            Problem::Closed(why) => io::Error::new(io::ErrorKind::ConnectionAborted, why),
        }
    }
}

/// Takes frames apart: `[final and opcode, length, longer length…]`, then so many bytes.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Two bytes, and up to eight of a longer length.
    header: [u8; 10],
    /// So much of the header is there.
    begun: usize,
    /// The frame whose payload is being read.
    opcode: Option<u8>,
    /// So much of its payload is to come.
    remaining: u64,
    /// The payload of a frame about the connection.
    control: Vec<u8>,
    /// A message has begun that is not over.
    in_message: bool,
}

impl Frames {
    /// The next event of the piece, if there is one in it.
    pub(super) fn next(&mut self, piece: &mut Bytes) -> Result<Option<Event>, Problem> {
        loop {
            let Some(opcode) = self.opcode else {
                if !self.read_header(piece)? {
                    return Ok(None);
                }
                continue;
            };
            let length = usize::try_from(self.remaining).map_or(piece.len(), |remaining| remaining.min(piece.len()));
            let payload = piece.split_to(length);
            self.remaining -= length as u64;
            let is_whole = self.remaining == 0;
            if is_whole {
                self.opcode = None;
            }
            if opcode < CLOSE {
                if !payload.is_empty() {
                    return Ok(Some(Event::Output(payload)));
                }
            } else {
                self.control.extend_from_slice(&payload);
                if let Some(event) = is_whole.then(|| self.control_event(opcode)).transpose()?.flatten() {
                    return Ok(Some(event));
                }
            }
            if !is_whole {
                return Ok(None);
            }
        }
    }

    /// Completes the header; `false` if more of it has to come.
    fn read_header(&mut self, piece: &mut Bytes) -> Result<bool, Problem> {
        loop {
            let [first, second, rest @ ..] = self.header;
            let (length, needed) = match (self.begun, second & 0x7f) {
                (0 | 1, _) => (0, 2),
                (_, 126) => (u64::from(u16::from_be_bytes([rest[0], rest[1]])), 4),
                (_, 127) => (u64::from_be_bytes(rest), 10),
                (_, short) => (u64::from(short), 2),
            };
            if self.begun == needed {
                self.begun = 0;
                self.header = [0; 10];
                return self.begin(first, second, length).map(|()| true);
            }
            let missing = self.header.get_mut(self.begun..needed).unwrap_or_default();
            let part = missing.len().min(piece.len());
            if part == 0 {
                return Ok(false);
            }
            if let Some(missing) = missing.get_mut(..part) {
                piece.copy_to_slice(missing);
            }
            self.begun += part;
        }
    }

    fn begin(&mut self, first: u8, second: u8, length: u64) -> Result<(), Problem> {
        let (is_final, opcode) = (first & 0x80 != 0, first & 0x0f);
        if first & 0x70 != 0 {
            return Err(Problem::Malformed("a frame uses an extension that was not agreed upon"));
        }
        if second & 0x80 != 0 {
            return Err(Problem::Malformed("a frame of the server is masked"));
        }
        if length >> 63 != 0 {
            return Err(Problem::Malformed("a frame's length is out of range"));
        }
        match opcode {
            CONTINUATION if !self.in_message => {
                return Err(Problem::Malformed("a frame goes on with a message that has not begun"));
            }
            TEXT | BINARY if self.in_message => {
                return Err(Problem::Malformed("a message begins within another"));
            }
            CONTINUATION | TEXT | BINARY => self.in_message = !is_final,
            CLOSE | PING | PONG if !is_final || length > LONGEST_CONTROL as u64 => {
                return Err(Problem::Malformed("a frame about the connection is fragmented or too long"));
            }
            CLOSE | PING | PONG => self.control.clear(),
            _ => return Err(Problem::Malformed("a frame is of an unknown kind")),
        }
        self.opcode = Some(opcode);
        self.remaining = length;
        Ok(())
    }

    fn control_event(&self, opcode: u8) -> Result<Option<Event>, Problem> {
        match (opcode, self.control.as_slice()) {
            (PING, payload) => Ok(Some(Event::Ping(Bytes::copy_from_slice(payload)))),
            (CLOSE, []) => Ok(Some(Event::Close(Ok(())))),
            (CLOSE, [high, low, reason @ ..]) => match u16::from_be_bytes([*high, *low]) {
                NORMAL | GOING_AWAY => Ok(Some(Event::Close(Ok(())))),
                status => {
                    let why = format!("the engine closed it with status {status} {}", String::from_utf8_lossy(reason));
                    Ok(Some(Event::Close(Err(Problem::Closed(why.trim_end().to_owned())))))
                }
            },
            (CLOSE, _) => Err(Problem::Malformed("a close has half a status")),
            _ => Ok(None),
        }
    }

    /// Says whether the stream may end here: engines do not always say goodbye.
    pub(super) fn end(&self) -> Result<(), Problem> {
        if self.begun == 0 && self.opcode.is_none() && !self.in_message { Ok(()) } else { Err(Problem::BrokenOff) }
    }
}
