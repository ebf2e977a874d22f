//! [`Head`]: the head of an answer.

use super::{Body, Malformed, Status};
use bytes::{Bytes, BytesMut};
use std::mem::MaybeUninit;
use std::ops::Range;

/// The largest head: an engine's is a hundred times smaller.
pub(super) const LARGEST: usize = 128 << 10;
/// So many fields it has at most.
const MOST_FIELDS: usize = 128;

/// The status of an answer, and its header fields.
pub(crate) struct Head {
    pub(crate) status: Status,
    /// HTTP/1.0, where a connection ends with its answer.
    is_old: bool,
    text: Bytes,
    fields: Vec<Field>,
}

/// Where in the text a field is.
struct Field {
    name: Range<u32>,
    value: Range<u32>,
}

impl Head {
    /// Takes a head off `buffer`, if all of it is there.
    pub(crate) fn take(buffer: &mut BytesMut) -> Result<Option<Self>, Malformed> {
        let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
        let mut parsed = httparse::Response::new(&mut []);
        let parser = httparse::ParserConfig::default();
        let length = match parser.parse_response_with_uninit_headers(&mut parsed, buffer, &mut fields)? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial if buffer.len() > LARGEST => return Err(Malformed::LargeHead),
            httparse::Status::Partial => return Ok(None),
        };
        let fields = parsed.headers.iter().map(|field| Field {
            name: place(buffer, field.name.as_bytes()),
            value: place(buffer, field.value),
        });
        let fields = fields.collect();
        let (status, is_old) = (Status::new(parsed.code.unwrap_or_default()), parsed.version == Some(0));
        Ok(Some(Self { status, is_old, text: buffer.split_to(length).freeze(), fields }))
    }

    /// The first of a field's values, if it is ASCII text.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let value = self.values(name).next()?;
        value.is_ascii().then(|| str::from_utf8(value).ok())?
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
            field.name.len() == name.len() && self.part(&field.name).eq_ignore_ascii_case(name.as_bytes())
        };
        self.fields.iter().filter(is_it).map(move |field| self.part(&field.value))
    }

    fn part(&self, place: &Range<u32>) -> &[u8] {
        self.text.get(place.start as usize..place.end as usize).unwrap_or_default()
    }
}

impl std::fmt::Debug for Head {
    /// Without the fields: they hold what must not be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Where in `whole` a part of it lies. A head's length fits (see [`LARGEST`]); a part that it has none of is at 0.
fn place(whole: &[u8], part: &[u8]) -> Range<u32> {
    let start = part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
    let end = start.wrapping_add(part.len());
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) => start..end,
        _ => 0..0,
    }
}

/// A number of digits alone: `+1` is none.
fn number(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| str::from_utf8(digits).ok()?.parse().ok())?
}
