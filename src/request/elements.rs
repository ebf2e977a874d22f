//! [`Elements`]: a list that is decoded while it arrives.

use super::decode::decode;
use crate::transport::ResponseBody;
use crate::wire::{List, Reader, Seed, json_path};
use crate::{Error, ErrorKind, Result};
use serde::de::{DeserializeSeed, IgnoredAny};
use std::mem;

/// So much has to arrive at least before an element is tried again that was not all there.
const STEP: usize = 64 << 10;

/// The elements that are decoded, and the text that is not yet.
pub(super) struct Elements<'a> {
    list: &'a mut (dyn List + Send),
    /// The last one was not all there when it was read; it is read once more.
    begun: bool,
    /// How many there were, those that are `null` among them.
    count: usize,
    text: Vec<u8>,
    /// The text is looked at once it is so long.
    enough: usize,
    place: Place,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Before,
    /// Behind `[`: an element or the end.
    First,
    /// Behind an element: a comma or the end.
    Between,
    /// Behind a comma.
    Next,
    After,
}

impl<'a> Elements<'a> {
    fn new(list: &'a mut (dyn List + Send)) -> Self {
        Self { list, begun: false, count: 0, text: Vec::new(), enough: 0, place: Place::Before }
    }

    /// Reads a body to its end, at most `limit` bytes.
    pub(super) async fn read(list: &'a mut (dyn List + Send), mut body: ResponseBody, limit: usize) -> Result<()> {
        let (mut all, mut length) = (Self::new(list), 0);
        while let Some(piece) = body.next().await.transpose()? {
            length += piece.len();
            if length > limit {
                let message = format!("the answer is larger than {} MiB", limit >> 20);
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            all.push(&piece)?;
        }
        all.end()
    }

    fn push(&mut self, piece: &[u8]) -> Result<()> {
        if self.text.is_empty() {
            let taken = self.take(piece)?;
            self.text.extend_from_slice(piece.get(taken..).unwrap_or_default());
        } else {
            self.text.extend_from_slice(piece);
            if self.text.len() < self.enough {
                return Ok(());
            }
            let mut text = mem::take(&mut self.text);
            let taken = self.take(&text)?;
            text.drain(..taken);
            self.text = text;
        }
        // An element that is not all there is begun anew: seldom, so that a long one in many pieces stays cheap.
        let left = self.text.len();
        self.enough = if left == 0 { 0 } else { left + left.max(STEP) };
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        let text = mem::take(&mut self.text);
        let taken = self.take(&text)?;
        let rest = text.get(taken..).unwrap_or_default();
        match self.place {
            // Not a list, or not one that ends: what is wrong with it, a decoder says.
            Place::Before => decode::<Option<Vec<IgnoredAny>>>(rest).map(drop),
            Place::After if rest.iter().all(u8::is_ascii_whitespace) => Ok(()),
            Place::After => Err(self.wrong("trailing characters")),
            _ if rest.is_empty() => Err(self.wrong("EOF while parsing a value")),
            _ => match std::str::from_utf8(rest).map(|text| self.read_element(text)) {
                Err(_) => Err(self.wrong(json_path::NOT_UTF_8)),
                Ok(Err(error)) => Err(self.undecodable(rest, &error)),
                Ok(Ok(_)) => Err(self.wrong("EOF while parsing a list")),
            },
        }
    }

    /// Decodes what elements are there, and tells how much of the text they were. It may end in the middle of a character.
    fn take(&mut self, text: &[u8]) -> Result<usize> {
        let error = match std::str::from_utf8(text) {
            Ok(text) => return self.take_of(text),
            Err(error) => error,
        };
        let valid = text.get(..error.valid_up_to()).unwrap_or_default();
        let taken = self.take_of(std::str::from_utf8(valid).unwrap_or_default())?;
        if error.error_len().is_some() && self.place != Place::Before {
            return Err(self.wrong(json_path::NOT_UTF_8));
        }
        Ok(taken)
    }

    fn take_of(&mut self, text: &str) -> Result<usize> {
        let mut at = 0;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let rest = rest.trim_ascii_start();
            at = text.len() - rest.len();
            let Some(byte) = rest.as_bytes().first() else { return Ok(at) };
            self.place = match (self.place, byte) {
                (Place::Before, b'[') => Place::First,
                (Place::Before | Place::After, _) => return Ok(at),
                (Place::First | Place::Between, b']') => Place::After,
                (Place::Between, b',') => Place::Next,
                (Place::Between, _) => return Err(self.wrong("expected `,` or `]`")),
                (Place::First | Place::Next, _) => {
                    match self.read_element(rest) {
                        Ok(Some(length)) => at += length,
                        Err(error) if !error.is_eof() => return Err(self.undecodable(rest.as_bytes(), &error)),
                        _ => return Ok(at),
                    }
                    Place::Between
                }
            };
            at += usize::from(self.place != Place::Between);
        }
    }

    /// Decodes the element that a text begins with, and tells how long it is; nothing if it could go on.
    fn read_element(&mut self, text: &str) -> serde_json::Result<Option<usize>> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Seed(|element: &mut dyn Reader| {
            if !mem::replace(&mut self.begun, true) {
                self.list.add();
            }
            self.list.read(element)
        })
        .deserialize(&mut deserializer)?;
        let length = deserializer.into_iter::<IgnoredAny>().byte_offset();
        if !is_whole(text.as_bytes(), length) {
            return Ok(None);
        }
        self.begun = false;
        self.count += 1;
        Ok(Some(length))
    }

    fn undecodable(&self, text: &[u8], error: &serde_json::Error) -> Error {
        wrong(&json_path::describe_in(&format!("$[{}]", self.count), text, error))
    }

    fn wrong(&self, what: &str) -> Error {
        wrong(&format!("{what} at $[{}]", self.count))
    }
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer is not what the API documents: {what}"))
}

/// Whether a value ends there, whatever comes next: a number could go on.
fn is_whole(text: &[u8], end: usize) -> bool {
    end < text.len() || matches!(text.last(), Some(b'}' | b']' | b'"'))
}

#[cfg(test)]
mod tests {
    use super::{Elements, STEP};
    use crate::Result;
    use crate::random::for_seeds;
    use bytes::Bytes;

    #[derive(Debug, Default, PartialEq)]
    struct Item {
        id: String,
        ports: Vec<u16>,
    }

    crate::wire::object! { decode Item { "id" => id required, "ports" => ports, } }

    fn read(pieces: &[Bytes]) -> Result<Vec<Item>> {
        let mut list = Vec::new();
        let mut place = &mut list;
        let mut all = Elements::new(&mut place);
        for piece in pieces {
            all.push(piece)?;
            all.enough = all.enough.min(all.text.len()); // tries at each piece, which is the harder
        }
        all.end().map(|()| list)
    }

    fn failure(text: &str) -> String {
        let (a, b) = text.as_bytes().split_at(text.len() / 2);
        let pieces = [Bytes::copy_from_slice(a), Bytes::copy_from_slice(b)];
        read(&pieces).expect_err(text).message().replace("the answer is not what the API documents: ", "")
    }

    #[test]
    fn reads_a_list_however_it_is_cut() {
        let text = " [ {\"id\":\"\u{e9}}],[\",\"ports\":[1,2]} , null,{\"id\":\"\\\"\"},\n{\"id\":\"\"}]\n";
        let item = |id: &str, ports: &[u16]| Item { id: id.to_owned(), ports: ports.to_vec() };
        let whole = [item("\u{e9}}],[", &[1, 2]), item("\"", &[]), item("", &[])];
        let text = text.as_bytes();
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let pieces = [&text[..first], &text[first..second], &text[second..]].map(Bytes::copy_from_slice);
                assert_eq!(read(&pieces).expect("a list"), whole, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn nothing_is_an_empty_list() {
        for text in ["[]", " [ ] ", "null", "[null]"] {
            let single: Vec<_> = text.bytes().map(|byte| Bytes::copy_from_slice(&[byte])).collect();
            assert_eq!(read(&single).expect(text), []);
        }
    }

    #[test]
    fn what_is_no_list_is_told_with_its_place() {
        for (text, why) in [
            (
                "[{\"id\":\"a\"},null,{\"id\":\"b\",\"ports\":[1,-2]}]",
                "invalid value: integer, expected u16 at $[2].ports[1]",
            ),
            ("[{\"id\":\"a\"},{}]", "missing field `id` at $[1]"),
            ("[{\"id\":\"a\"} {\"id\":\"b\"}]", "expected `,` or `]` at $[1]"),
            ("[{\"id\":\"a\"},", "EOF while parsing a value at $[1]"),
            ("[{\"id\":\"a\"},]", "expected value at $[1]"),
            ("[{\"id\":\"a\"},{\"id\":\"b", "EOF while parsing a string at $[1].id"),
            ("[{\"id\":\"a\"}", "EOF while parsing a value at $[1]"),
            ("[{\"id\":\"a\"}] x", "trailing characters at $[1]"),
            ("[{\"id\":\"a\"},{\"id\":\"\u{e9}\"},1]", "invalid type: integer, expected an object at $[2]"),
            ("{\"id\":\"a\"}", "invalid type: map, expected a sequence at $"),
        ] {
            assert_eq!(failure(text), why, "{text}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_told_at_once() {
        let piece = |text: &[u8]| Bytes::copy_from_slice(text);
        let mut list = &mut Vec::<Item>::new();
        let mut all = Elements::new(&mut list);
        all.push(&piece(b"[{\"id\":\"a\"},{\"id\":\"\xc3")).expect("half of a character");
        all.enough = 0;
        let error = all.push(&piece(b"\xff\"}")).expect_err("no UTF-8");
        assert!(error.message().ends_with("invalid unicode code point at $[1]"), "{error}");
        let error = read(&[piece(b"[{\"id\":\"a\"}"), piece(b",\"\xc3")]).expect_err("half of a character");
        assert!(error.message().ends_with("invalid unicode code point at $[1]"), "{error}");
    }

    #[test]
    fn an_element_that_grows_is_not_tried_at_each_piece() {
        let mut list = &mut Vec::<Item>::new();
        let mut all = Elements::new(&mut list);
        all.push(&Bytes::from_static(b"[{\"id\":\"")).expect("a beginning");
        let mut tries = 0;
        for _ in 0..1_000 {
            let before = all.enough;
            all.push(&Bytes::from(vec![b'x'; 1 << 10])).expect("more of it");
            tries += usize::from(all.enough != before);
        }
        assert!((1..=1 + (1 << 20) / STEP / 2).contains(&tries), "{tries}");
        all.push(&Bytes::from_static(b"\"}]")).expect("its end");
        all.end().expect("a list");
        assert_eq!((list.len(), list[0].id.len()), (1, 1_000 << 10));
    }

    #[test]
    fn whatever_comes_is_read_as_it_is_as_a_whole() {
        for_seeds(3_000, |random| {
            let of = ["{\"id\":\"a\"}", "null", "{\"id\":\"\u{e9}]\",\"ports\":[]}", "{\"ports\":[1],\"id\":\"\\\\\"}"];
            let items: Vec<_> = (0..random.below(5)).map(|_| random.pick(&of)).collect();
            let mut text = format!("[{}]", items.join(random.pick(&[",", " , ", ",\r\n"]))).into_bytes();
            if random.chance(50) {
                random.damage(&mut text);
            }
            let whole = serde_json::from_slice::<Option<Vec<Option<Item>>>>(&text).ok();
            let whole = whole.map(|list| list.into_iter().flatten().flatten().collect::<Vec<_>>());
            for _ in 0..3 {
                assert_eq!(read(&random.cut(&text)).ok(), whole, "{}", String::from_utf8_lossy(&text));
            }
        });
    }
}
