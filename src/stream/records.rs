//! Concatenated JSON documents: JSON lines, RFC 7464 text sequences, or documents with nothing between them.

use crate::request::decode;
use crate::transport::ResponseBody;
use crate::{Error, ErrorKind, Result};
use bytes::{Buf, Bytes, BytesMut};
use serde::de::DeserializeOwned;
use std::task::{Context, Poll, ready};

/// The largest record: what engines send is a thousand times smaller.
const LARGEST: usize = 16 << 20;

/// The records of an answer's body.
#[derive(Debug)]
pub(super) struct Records {
    body: Option<ResponseBody>,
    splitter: Splitter,
}

impl Records {
    pub(super) fn new(body: ResponseBody) -> Self {
        Self { body: Some(body), splitter: Splitter::default() }
    }

    /// The next record; `None` at the end and after an error.
    pub(super) fn poll_next<T: DeserializeOwned>(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let record = ready!(self.poll_record(cx));
        let decoded = record.map(|record| record.and_then(|record| decode(&record)));
        if matches!(decoded, Some(Err(_))) {
            self.body = None;
        }
        Poll::Ready(decoded)
    }

    /// Ends the stream and closes its connection.
    pub(super) fn close(&mut self) {
        self.body = None;
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        loop {
            if let Some(record) = self.splitter.next().transpose() {
                return Poll::Ready(Some(record));
            }
            match ready!(body.poll_chunk(cx)) {
                Some(Ok(piece)) => self.splitter.push(piece),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.body = None;
                    return Poll::Ready(self.splitter.end().err().map(Err));
                }
            }
        }
    }
}

/// Finds the ends of JSON documents. Each byte is looked at once, at whatever places the pieces are cut.
#[derive(Debug, Default)]
struct Splitter {
    /// What is not yet looked at.
    piece: Bytes,
    /// The beginning of a record that goes on in the next piece.
    begun: BytesMut,
    depth: usize,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Place {
    #[default]
    Outside,
    InString,
    AfterBackslash,
}

impl Splitter {
    /// Adds what arrived; the one before has been taken apart to its end.
    fn push(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    fn next(&mut self) -> Result<Option<Bytes>> {
        if self.depth == 0 {
            let separators = self.piece.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0x1e).count();
            self.piece.advance(separators);
            match self.piece.first() {
                None => return Ok(None),
                Some(b'{' | b'[') => {}
                Some(_) => return decode::<serde::de::IgnoredAny>(&self.piece).and(Err(not_a_record())),
            }
        }
        let Some(end) = self.end_of_record() else {
            if self.begun.len() + self.piece.len() > LARGEST {
                let message = format!("a record of the stream is larger than {} MiB", LARGEST >> 20);
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            self.begun.extend_from_slice(&self.piece);
            self.piece.clear();
            return Ok(None);
        };
        let rest = self.piece.split_to(end);
        if self.begun.is_empty() {
            return Ok(Some(rest));
        }
        self.begun.extend_from_slice(&rest);
        Ok(Some(self.begun.split().freeze()))
    }

    /// How much of the piece belongs to the record that has begun, if its end is in it.
    fn end_of_record(&mut self) -> Option<usize> {
        for (index, byte) in self.piece.iter().enumerate() {
            match (self.place, byte) {
                (Place::Outside, b'"') | (Place::AfterBackslash, _) => self.place = Place::InString,
                (Place::Outside, b'{' | b'[') => self.depth += 1,
                (Place::Outside, b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(index + 1);
                    }
                }
                (Place::InString, b'"') | (Place::Outside, _) => self.place = Place::Outside,
                (Place::InString, b'\\') => self.place = Place::AfterBackslash,
                (Place::InString, _) => {}
            }
        }
        None
    }

    /// Says whether the stream may end here.
    fn end(&self) -> Result<()> {
        if self.depth == 0 {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Interrupted, "the connection closed in the middle of a record"))
    }
}

fn not_a_record() -> Error {
    Error::new(ErrorKind::Decode, "the stream has something in it that is not a JSON object")
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, Splitter};
    use crate::random::for_seeds;
    use crate::{ErrorKind, Result};
    use bytes::Bytes;

    fn split(pieces: &[&[u8]]) -> Result<Vec<String>> {
        let mut splitter = Splitter::default();
        let mut records = Vec::new();
        for piece in pieces {
            splitter.push(Bytes::copy_from_slice(piece));
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
        let piece = vec![b'['; 1 << 20];
        let pieces: Vec<&[u8]> = std::iter::repeat_n(piece.as_slice(), (LARGEST >> 20) + 1).collect();
        assert_eq!(split(&pieces).expect_err("no end").kind(), ErrorKind::TooLarge);
    }

    /// The records, and how it ended.
    fn read(pieces: &[Bytes]) -> (Vec<Bytes>, Option<ErrorKind>) {
        let (mut splitter, mut records) = (Splitter::default(), Vec::new());
        let mut take = |piece: &Bytes| -> Result<()> {
            splitter.push(piece.clone());
            while let Some(record) = splitter.next()? {
                assert!(record.len() >= 2);
                records.push(record);
            }
            assert!(splitter.piece.is_empty() && splitter.begun.len() <= LARGEST);
            Ok(())
        };
        let taken = pieces.iter().try_for_each(&mut take);
        (records, taken.and_then(|()| splitter.end()).err().map(|error| error.kind()))
    }

    #[test]
    fn whatever_comes_is_the_same_however_it_is_cut() {
        for_seeds(3_000, |random| {
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
}
