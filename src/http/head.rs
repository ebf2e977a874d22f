//! [`Head`]: the head of an answer.

use super::{Body, Malformed, Status};
use bytes::{Bytes, BytesMut};

/// The largest head: an engine's is a hundred times smaller.
pub(super) const LARGEST: usize = 64 << 10;

/// The status of an answer, and its header fields.
pub(crate) struct Head {
    pub(crate) status: Status,
    /// HTTP/1.0, where a connection ends with its answer.
    is_old: bool,
    text: Bytes,
    lines: Vec<Line>,
}

/// Where in the text the line of a field is. What it says is looked at when it is asked for: most never are.
struct Line {
    start: usize,
    end: usize,
}

impl Head {
    /// Takes a head off `buffer`, if all of it is there.
    pub(crate) fn take(buffer: &mut BytesMut) -> Result<Option<Self>, Malformed> {
        let Some((status, is_old)) = read_status(buffer)? else { return Ok(None) };
        let Some((lines, length)) = read_lines(buffer) else {
            return if buffer.len() > LARGEST { Err(Malformed::LargeHead) } else { Ok(None) };
        };
        let text = buffer.split_to(length).freeze();
        Ok(Some(Self { status, is_old, text, lines }))
    }

    /// The first of a field's values, if it is ASCII text. Names are compared without regard to case, those that are written as Go
    /// does, `Api-Version`, the fastest.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let text: &[u8] = &self.text;
        let line = self.lines.iter().find(|line| line.is_of(name, text))?;
        let value = line.value(name, text);
        if value.is_ascii() { std::str::from_utf8(value).ok() } else { None }
    }

    /// Where its body ends, if it answers a request of HEAD or of another method.
    pub(crate) fn body(&self, of_head: bool) -> Result<Body, Malformed> {
        if of_head || matches!(self.status.code(), 100..200 | 204 | 304) {
            return Ok(Body::Over);
        }
        // What else the body was coded with, only the end of the connection ends (RFC 9112, section 6.3).
        if let Some(coding) = self.values("Transfer-Encoding").last() {
            let last = coding.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            let is_chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            return Ok(if is_chunked { Body::chunked() } else { Body::UntilClose });
        }
        let mut length = None;
        // The same one twice is one; proxies have made lists of it, too.
        for value in self.values("Content-Length").flat_map(|value| value.split(|byte| *byte == b',')) {
            let this = number(value.trim_ascii()).ok_or(Malformed::Length)?;
            if length.replace(this).is_some_and(|other| other != this) {
                return Err(Malformed::Length);
            }
        }
        Ok(length.map_or(Body::UntilClose, Body::of_length))
    }

    /// Whether the connection stays open after the answer.
    pub(crate) fn keeps_alive(&self) -> bool {
        let says = |option: &[u8]| {
            let mut options = self.values("Connection").flat_map(|value| value.split(|byte| *byte == b','));
            options.any(|one| one.trim_ascii().eq_ignore_ascii_case(option))
        };
        // Of two lengths, one may be another's who sits between (RFC 9112, section 6.3): nothing more of this connection.
        let is_ambiguous = || self.has("Transfer-Encoding") && self.has("Content-Length");
        if self.is_old { says(b"keep-alive") } else { !says(b"close") && !is_ambiguous() }
    }

    fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        let text: &[u8] = &self.text;
        self.lines.iter().filter(move |line| line.is_of(name, text)).map(move |line| line.value(name, text))
    }
}

impl Line {
    /// Whether the field has this name.
    #[inline]
    fn is_of(&self, name: &str, text: &[u8]) -> bool {
        let colon = self.start + name.len();
        // Most are told apart by the colon's place.
        text.get(colon) == Some(&b':') && {
            let field = text.get(self.start..colon).unwrap_or_default();
            field == name.as_bytes() || field.eq_ignore_ascii_case(name.as_bytes())
        }
    }

    /// The field's value, which has this name.
    fn value<'a>(&self, name: &str, text: &'a [u8]) -> &'a [u8] {
        text.get(self.start + name.len() + 1..self.end).unwrap_or_default().trim_ascii()
    }
}

impl std::fmt::Debug for Head {
    /// Without the fields: they hold what must not be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Finds the lines behind the first one, and how long the head is; `None` if it is not all there.
fn read_lines(text: &[u8]) -> Option<(Vec<Line>, usize)> {
    let mut lines = Vec::with_capacity(16);
    let mut start = next_line(text, 0)?;
    loop {
        let next = next_line(text, start)?;
        if let Some([b'\n'] | [b'\r', b'\n']) = text.get(start..next) {
            return Some((lines, next));
        }
        lines.push(Line { start, end: next });
        start = next;
    }
}

/// Where the next line begins.
fn next_line(text: &[u8], start: usize) -> Option<usize> {
    memchr::memchr(b'\n', text.get(start..)?).map(|end| start + end + 1)
}

/// Reads `HTTP/1.1 200`, whatever follows it. What begins otherwise is no answer, however little of it there is.
fn read_status(bytes: &[u8]) -> Result<Option<(Status, bool)>, Malformed> {
    let begins = bytes.iter().zip(b"HTTP/1.").all(|(byte, of_http)| byte == of_http);
    match bytes.get(7..) {
        _ if !begins => Err(Malformed::Version),
        None | Some([]) => Ok(None),
        Some(
            [minor @ (b'0' | b'1'), b' ', a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ' | b'\r' | b'\n', ..],
        ) => {
            let code = [a, b, c].iter().fold(0, |code, digit| code * 10 + u16::from(**digit - b'0'));
            Ok(Some((Status::new(code), *minor == b'0')))
        }
        Some([b'0' | b'1', rest @ ..]) if rest.len() < 5 => Ok(None),
        Some([b'0' | b'1', b' ', ..]) => Err(Malformed::Status),
        Some(_) => Err(Malformed::Version),
    }
}

/// A number of digits alone: `+1` is none.
fn number(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
}
