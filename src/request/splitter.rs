//! [`Splitter`]: finds the ends of JSON documents before they are decoded.

use super::decode::{decode, not_as_documented};
use crate::wire::json::DecodeError;
use crate::{Error, ErrorKind, Result};
use bytes::{Buf, Bytes, BytesMut};
use serde::de::IgnoredAny;

/// The largest document accepted. Those of engines are a thousand times smaller.
const MAX_DOCUMENT: usize = 16 << 20;

/// Splits concatenated JSON documents, or the elements of one list. Documents may be JSON lines, RFC 7464 text
/// sequences, or have nothing between them. Each byte is examined once, however the chunks are cut.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    /// Bytes that are not examined yet.
    chunk: Bytes,
    /// The beginning of a document that continues in the next chunk.
    begun: BytesMut,
    /// The number of open objects and lists, including the list that is split.
    depth: usize,
    state: State,
    list: Option<List>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Outside,
    InString,
    AfterBackslash,
}

/// The position in a list.
#[derive(Clone, Copy, Debug, PartialEq)]
enum List {
    Before,
    /// The number of elements found so far.
    Within(usize),
    After(usize),
}

impl Splitter {
    /// Splits concatenated documents, each an object or a list.
    pub(crate) fn documents() -> Self {
        Self::default()
    }

    /// Splits a list into its elements.
    pub(crate) fn elements() -> Self {
        Self { list: Some(List::Before), ..Self::default() }
    }

    /// Adds a chunk. Call it once [`next`](Self::next) has returned `None`.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        self.chunk = chunk;
    }

    /// Returns the next complete document or element.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>> {
        match self.list {
            None => self.next_document(),
            Some(List::Before) => {
                self.skip(|byte| byte.is_ascii_whitespace()); // and the opening bracket after it
                if self.chunk.is_empty() {
                    return Ok(None);
                }
                self.chunk.advance(1);
                (self.list, self.depth) = (Some(List::Within(0)), 1);
                self.next_element(0)
            }
            Some(List::Within(count)) => self.next_element(count),
            Some(List::After(count)) => {
                self.skip(|byte| byte.is_ascii_whitespace());
                if self.chunk.is_empty() { Ok(None) } else { Err(wrong("trailing characters", count)) }
            }
        }
    }

    fn next_document(&mut self) -> Result<Option<Bytes>> {
        if self.depth == 0 {
            self.skip(|byte| byte.is_ascii_whitespace() || byte == 0x1e);
            match self.chunk.first() {
                None => return Ok(None),
                Some(b'{' | b'[') => {}
                Some(_) => return decode::<IgnoredAny>(&self.chunk).and(Err(not_a_record())),
            }
        }
        let end = self.end_of_document();
        self.take(end)
    }

    fn next_element(&mut self, count: usize) -> Result<Option<Bytes>> {
        let end = self.end_of_element();
        let Some(element) = self.take(end)? else { return Ok(None) };
        let is_last = self.chunk.first() == Some(&b']');
        self.chunk.advance(1); // the comma or bracket
        let is_empty = element.trim_ascii().is_empty();
        if is_empty && !(is_last && count == 0) {
            return Err(wrong("expected value", count));
        }
        let found = count + usize::from(!is_empty);
        self.list = Some(if is_last { List::After(found) } else { List::Within(found) });
        if is_empty { Ok(None) } else { Ok(Some(element)) }
    }

    fn skip(&mut self, is_separator: impl Fn(u8) -> bool) {
        let separators = self.chunk.iter().take_while(|byte| is_separator(**byte)).count();
        self.chunk.advance(separators);
    }

    /// Takes the document that ends there, or keeps its beginning.
    fn take(&mut self, end: Option<usize>) -> Result<Option<Bytes>> {
        let Some(end) = end else {
            if self.begun.len() + self.chunk.len() > MAX_DOCUMENT {
                let message = format!("a record of the response is larger than {} MiB", MAX_DOCUMENT >> 20);
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            self.begun.extend_from_slice(&self.chunk);
            self.chunk.clear();
            return Ok(None);
        };
        let rest = self.chunk.split_to(end);
        if self.begun.is_empty() {
            return Ok(Some(rest));
        }
        self.begun.extend_from_slice(&rest);
        Ok(Some(self.begun.split().freeze()))
    }

    /// Returns how many bytes of the chunk belong to the current document, if the chunk holds its end.
    fn end_of_document(&mut self) -> Option<usize> {
        self.find(|byte, depth| depth == 0 && matches!(byte, b'}' | b']')).map(|at| at + 1)
    }

    /// Returns the position of the comma or bracket after an element.
    fn end_of_element(&mut self) -> Option<usize> {
        self.find(|byte, depth| (depth, byte) == (1, b',') || (depth, byte) == (0, b']'))
    }

    /// Returns the position of the first matching byte outside of strings. The depth is that after the byte.
    fn find(&mut self, is_end: impl Fn(u8, usize) -> bool) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = self.chunk.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.state {
                State::InString => {
                    let Some(end) = memchr::memchr2(b'"', b'\\', rest) else { break };
                    let is_backslash = rest.get(end) == Some(&b'\\');
                    self.state = if is_backslash { State::AfterBackslash } else { State::Outside };
                    end + 1
                }
                State::AfterBackslash => {
                    self.state = State::InString;
                    1
                }
                State::Outside => {
                    let is_special = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',');
                    let Some(index) = rest.iter().position(is_special) else { break };
                    let byte = rest.get(index).copied().unwrap_or_default();
                    match byte {
                        b'"' => self.state = State::InString,
                        b'{' | b'[' => self.depth += 1,
                        b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                        _ => {}
                    }
                    if byte != b'"' && is_end(byte, self.depth) {
                        return Some(at + index);
                    }
                    index + 1
                }
            };
        }
        None
    }

    /// Checks that the response may end here.
    pub(crate) fn end(&self) -> Result<()> {
        match self.list {
            None if self.depth == 0 => Ok(()),
            None => Err(Error::new(ErrorKind::Interrupted, "the connection closed in the middle of a record")),
            Some(List::After(_)) => Ok(()),
            Some(List::Before) => Err(wrong("EOF while parsing a value", 0)),
            Some(List::Within(count)) => Err(wrong("EOF while parsing a list", count)),
        }
    }
}

fn wrong(what: &str, index: usize) -> Error {
    not_as_documented(&DecodeError::new(what, "$").in_element(index))
}

fn not_a_record() -> Error {
    Error::new(ErrorKind::Decode, "the stream contains something other than JSON objects")
}

#[cfg(test)]
mod tests {
    use super::{MAX_DOCUMENT, Splitter};
    use crate::random::for_inputs;
    use crate::{ErrorKind, Result};
    use bytes::Bytes;

    fn split(chunks: &[&[u8]]) -> Result<Vec<String>> {
        let mut splitter = Splitter::documents();
        let mut records = Vec::new();
        for chunk in chunks {
            splitter.push(Bytes::copy_from_slice(chunk));
            while let Some(record) = splitter.next()? {
                records.push(String::from_utf8_lossy(&record).into_owned());
            }
        }
        splitter.end().map(|()| records)
    }

    #[test]
    fn finds_records_at_every_split_point() {
        let text = "{\"status\":\"a}\\\"{\"}\r\n\u{1e}{\"x\":[1,{}]}\n{}{\"y\":\"\\\\\"}[] \n";
        let whole = ["{\"status\":\"a}\\\"{\"}", "{\"x\":[1,{}]}", "{}", "{\"y\":\"\\\\\"}", "[]"];
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let (a, b, c) = (&text[..first], &text[first..second], &text[second..]);
                let records = split(&[a.as_bytes(), b.as_bytes(), c.as_bytes()]).expect("records");
                assert_eq!(records, whole, "cut at {first} and {second}");
            }
        }
        let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(split(&single).expect("records"), whole);
    }

    #[test]
    fn a_record_that_breaks_off_is_an_error() {
        for text in ["{", "{\"a\":\"}", "[{}", "{}{\"a\\"] {
            assert_eq!(split(&[text.as_bytes()]).expect_err(text).kind(), ErrorKind::Interrupted);
        }
    }

    #[test]
    fn what_is_no_record_is_an_error() {
        for text in ["<html>", "oops", "{}}", "1", "\"x\""] {
            assert_eq!(split(&[text.as_bytes()]).expect_err(text).kind(), ErrorKind::Decode, "{text}");
        }
    }

    #[test]
    fn a_record_has_a_bound() {
        let chunk = vec![b'['; 1 << 20];
        let chunks: Vec<&[u8]> = std::iter::repeat_n(chunk.as_slice(), (MAX_DOCUMENT >> 20) + 1).collect();
        assert_eq!(split(&chunks).expect_err("no end").kind(), ErrorKind::TooLarge);
    }

    /// Returns the records, and how the stream ended.
    fn read(chunks: &[Bytes]) -> (Vec<Bytes>, Option<ErrorKind>) {
        let (mut splitter, mut records) = (Splitter::documents(), Vec::new());
        let mut take = |chunk: &Bytes| -> Result<()> {
            splitter.push(chunk.clone());
            while let Some(record) = splitter.next()? {
                assert!(record.len() >= 2);
                records.push(record);
            }
            assert!(splitter.chunk.is_empty() && splitter.begun.len() <= MAX_DOCUMENT);
            Ok(())
        };
        let taken = chunks.iter().try_for_each(&mut take);
        (records, taken.and_then(|()| splitter.end()).err().map(|error| error.kind()))
    }

    #[test]
    fn whatever_comes_is_the_same_however_it_is_cut() {
        for_inputs(3_000, |random| {
            let of = ["{}", "[]", "{\"a\":\"}\\\"{\\\\\"}", "[{\"b\":[1,null]},\"]\"]", "{\"\u{e9}\":{}}"];
            let records: Vec<_> = (0..random.below(8)).map(|_| random.pick(&of)).collect();
            let separate = |record: &&str| format!("{}{record}", random.text(&["\n", "\r\n", "\u{1e}", " "], 2));
            let mut wire = records.iter().map(separate).collect::<String>().into_bytes();
            let is_damaged = random.chance(50);
            if is_damaged {
                random.damage(&mut wire);
            }
            let whole = read(&[wire.clone().into()]);
            assert!(is_damaged || whole == (records.into_iter().map(Bytes::from).collect(), None));
            for _ in 0..3 {
                assert_eq!(read(&random.cut(&wire)), whole);
            }
        });
    }

    fn elements(chunks: &[&[u8]]) -> Result<Vec<String>> {
        let mut splitter = Splitter::elements();
        let mut elements = Vec::new();
        for chunk in chunks {
            splitter.push(Bytes::copy_from_slice(chunk));
            while let Some(element) = splitter.next()? {
                elements.push(String::from_utf8_lossy(&element).trim().to_owned());
            }
        }
        splitter.end().map(|()| elements)
    }

    #[test]
    fn finds_the_elements_of_a_list_at_every_split_point() {
        let text = " [ {\"id\":\"\u{e9}}],[\",\"ports\":[1,2]} , null,{\"id\":\"\\\"\"},\n{}, 1]\n".as_bytes();
        let whole = ["{\"id\":\"\u{e9}}],[\",\"ports\":[1,2]}", "null", "{\"id\":\"\\\"\"}", "{}", "1"];
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let found = elements(&[&text[..first], &text[first..second], &text[second..]]).expect("a list");
                assert_eq!(found, whole, "cut at {first} and {second}");
            }
        }
        for empty in ["[]", " [ \n] "] {
            assert_eq!(elements(&[empty.as_bytes()]).expect(empty), [""; 0]);
        }
    }

    #[test]
    fn a_list_that_is_none_is_told_with_its_place() {
        for (text, why) in [
            ("[{},", "EOF while parsing a list at $[1]"),
            ("[{},]", "expected value at $[1]"),
            ("[,{}]", "expected value at $[0]"),
            ("[{}] x", "trailing characters at $[1]"),
            ("  ", "EOF while parsing a value at $[0]"),
        ] {
            let error = elements(&[text.as_bytes()]).expect_err(text);
            assert_eq!(error.message(), format!("the response is not what the API documents: {why}"), "{text}");
        }
    }
}
