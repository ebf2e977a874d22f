//! [`Trailer`]: the end of an archive, where engines report errors.

use super::Progress;
use crate::request::meaning;
use crate::{Error, ErrorKind};
use bytes::{Bytes, BytesMut};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The length of the longest error to look for.
const LONGEST: usize = 8 << 10;
/// The zeros that end an archive: two blocks of tar.
const END: [u8; 1024] = [0; 1024];

/// The last bytes of an archive.
///
/// An engine that fails in the middle of an archive has already responded with 200, and ends the response normally.
/// Images: it appends the error to the incomplete archive as a progress record. Files of containers: it appends the body
/// of an error response, or only ends the archive early, as when a file shrinks while it is read. All engines end a
/// complete archive as tar does.
#[derive(Debug, Default)]
pub(super) struct Trailer(Bytes);

impl Trailer {
    /// Keeps the bytes that may be the end.
    pub(super) fn note(&mut self, piece: &Bytes) {
        let from_before = LONGEST.saturating_sub(piece.len()).min(self.0.len());
        let before = self.0.split_off(self.0.len() - from_before);
        let piece = piece.slice(piece.len().saturating_sub(LONGEST)..);
        self.0 = if before.is_empty() {
            piece
        } else {
            let mut both = BytesMut::with_capacity(before.len() + piece.len());
            both.extend_from_slice(&before);
            both.extend_from_slice(&piece);
            both.freeze()
        };
    }

    /// Returns the error at the end of the archive, or that there is no end. `None` if the archive is complete.
    pub(super) fn take_error(&mut self) -> Option<Error> {
        let end = std::mem::take(&mut self.0);
        if end.ends_with(&END) {
            return None;
        }
        let begin = end.iter().rposition(|byte| *byte == 0).map_or(0, |zero| zero + 1);
        Some(reported(end.get(begin..).unwrap_or_default()).unwrap_or_else(|| {
            let error = Error::new(ErrorKind::Interrupted, "the archive is incomplete: the engine ended it early");
            error.with_hint("a file may have changed while the engine read it: the engine's log says more")
        }))
    }
}

/// Returns the error that a text ends with.
fn reported(text: &[u8]) -> Option<Error> {
    if let Some(mut record) = last::<Progress>(text, br#"{"errorDetail""#) {
        return record.take_error();
    }
    let Response { message } =
        last(text, br#"{"message""#).filter(|response: &Response| !response.message.is_empty())?;
    let status = meaning::status(None, &message, None);
    Some(status.into_iter().fold(Error::new(ErrorKind::Stream, message.trim()), Error::with_status))
}

/// The body of an error response.
#[derive(Deserialize)]
struct Response {
    message: String,
}

/// Decodes the end of a text, from the last place that begins so. If a file ends with text, no zero precedes it.
fn last<T: DeserializeOwned>(text: &[u8], beginning: &[u8]) -> Option<T> {
    let begin = text.windows(beginning.len()).rposition(|window| window == beginning)?;
    serde_json::from_slice(text.get(begin..)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Trailer};
    use bytes::Bytes;

    const RECORD: &str = "{\"errorDetail\":{\"message\":\"no space left\"},\"error\":\"no space left\"}\r\n";
    const RESPONSE: &str = "{\"message\":\"no space left\"}\n";
    const NO_END: &str = "the archive is incomplete: the engine ended it early";

    fn error(pieces: &[&[u8]]) -> Option<String> {
        let mut trailer = Trailer::default();
        for piece in pieces {
            trailer.note(&Bytes::copy_from_slice(piece));
        }
        assert!(trailer.0.len() <= LONGEST);
        trailer.take_error().map(|error| error.message().to_owned())
    }

    #[test]
    fn finds_an_error_however_it_is_cut() {
        let long = vec![1; 3 * LONGEST];
        let texts = [RECORD, RESPONSE].into_iter();
        for (text, before) in texts.flat_map(|text| [&[0; 1024][..], b"text", b"", &long].map(|before| (text, before)))
        {
            for cut in 0..=text.len() {
                let (a, b) = text.as_bytes().split_at(cut);
                assert_eq!(error(&[before, a, b]).as_deref(), Some("no space left"), "{text} cut at {cut}");
            }
            let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(error(&[&[before], single.as_slice()].concat()).as_deref(), Some("no space left"));
        }
    }

    #[test]
    fn finds_none_in_a_whole_archive() {
        for text in [RECORD, RESPONSE, "{\"errorDetail\"", "{\"message\"", "", "text"] {
            assert_eq!(error(&[text.as_bytes(), &[0; 1024]]), None, "{text}");
            assert_eq!(error(&[text.as_bytes(), &vec![0; LONGEST * 2]]), None, "{text}");
        }
        let single = [&[0][..]; 1024];
        assert_eq!(error(&single), None);
    }

    #[test]
    fn an_archive_without_its_end_is_incomplete() {
        let long = vec![b'x'; LONGEST * 2];
        for end in [&b""[..], b"text", &long, &[0; 1023], b"{\"message\":", &[0, 0, b'x']] {
            assert_eq!(error(&[b"an entry", end]).as_deref(), Some(NO_END));
        }
        assert_eq!(error(&[]).as_deref(), Some(NO_END));
    }
}
