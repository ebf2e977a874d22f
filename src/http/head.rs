//! [`Head`]: the head of an answer.

use super::{Body, Malformed, Status, is_field_value};
use bytes::{Bytes, BytesMut};

/// The largest head: an engine's is a hundred times smaller.
pub(super) const LARGEST: usize = 64 << 10;

/// The status of an answer, and its header fields.
pub(crate) struct Head {
    pub(crate) status: Status,
    /// HTTP/1.0, where a connection ends with its answer.
    is_old: bool,
    text: Bytes,
    fields: Vec<Field>,
}

/// Where in the text the line of a field is. Its value is looked at when it is asked for: most never are.
struct Field {
    start: usize,
    colon: usize,
    end: usize,
}

impl Head {
    /// Takes a head off `buffer`, if all of it is there.
    pub(crate) fn take(buffer: &mut BytesMut) -> Result<Option<Self>, Malformed> {
        let Some((status, is_old)) = read_status(buffer)? else { return Ok(None) };
        let Some((fields, length)) = read_fields(buffer)? else {
            return if buffer.len() > LARGEST { Err(Malformed::LargeHead) } else { Ok(None) };
        };
        let text = buffer.split_to(length).freeze();
        Ok(Some(Self { status, is_old, text, fields }))
    }

    /// The first of a field's values, if it is text.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.values(name).next()?).ok().filter(|value| is_field_value(value))
    }

    /// Where its body ends, if it answers a request of HEAD or of another method.
    pub(crate) fn body(&self, of_head: bool) -> Result<Body, Malformed> {
        if of_head || matches!(self.status.code(), 100..200 | 204 | 304) {
            return Ok(Body::Over);
        }
        // What else the body was coded with, only the end of the connection ends (RFC 9112, section 6.3).
        if let Some(coding) = self.values("transfer-encoding").last() {
            let last = coding.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            let is_chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            return Ok(if is_chunked { Body::chunked() } else { Body::UntilClose });
        }
        let mut length = None;
        // The same one twice is one; proxies have made lists of it, too.
        for value in self.values("content-length").flat_map(|value| value.split(|byte| *byte == b',')) {
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
            let mut options = self.values("connection").flat_map(|value| value.split(|byte| *byte == b','));
            options.any(|one| one.trim_ascii().eq_ignore_ascii_case(option))
        };
        // Of two lengths, one may be another's who sits between (RFC 9112, section 6.3): nothing more of this connection.
        let is_ambiguous = self.has("transfer-encoding") && self.has("content-length");
        !is_ambiguous && if self.is_old { says(b"keep-alive") } else { !says(b"close") }
    }

    fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        let is_it = move |field: &&Field| {
            field.colon - field.start == name.len()
                && self.part(field.start, field.colon).eq_ignore_ascii_case(name.as_bytes())
        };
        self.fields.iter().filter(is_it).map(|field| self.part(field.colon + 1, field.end).trim_ascii())
    }

    fn part(&self, start: usize, end: usize) -> &[u8] {
        self.text.get(start..end).unwrap_or_default()
    }
}

impl std::fmt::Debug for Head {
    /// Without the fields: they hold what must not be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Reads the lines behind the first one, `name: value`, and how long the head is; `None` if it is not all there.
fn read_fields(text: &[u8]) -> Result<Option<(Vec<Field>, usize)>, Malformed> {
    let mut fields = Vec::with_capacity(16);
    let Some(mut start) = line_end(text, 0) else { return Ok(None) };
    while let Some(next) = line_end(text, start) {
        let line = text.get(start..next - 1).unwrap_or_default();
        if let [] | [b'\r'] = line {
            return Ok(Some((fields, next)));
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or(Malformed::Field)?;
        // A line that begins with a blank would go on with the one before, which nobody does any more (RFC 9112, section 5.2).
        if colon == 0 || line.first().is_some_and(u8::is_ascii_whitespace) {
            return Err(Malformed::Field);
        }
        fields.push(Field { start, colon: start + colon, end: next - 1 });
        start = next;
    }
    Ok(None)
}

/// Where the next line begins.
fn line_end(text: &[u8], start: usize) -> Option<usize> {
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
