//! [`Trailer`]: the end of an archive, where engines report errors.

use super::Progress;
use crate::Error;
use bytes::{Bytes, BytesMut};

/// The length of the longest error to look for.
const LONGEST: usize = 8 << 10;

/// The last bytes of an archive.
///
/// An engine that fails in the middle of an archive has already responded with 200. It appends the error to the
/// incomplete archive as a progress record, and ends the response normally. A complete archive ends with zeros.
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

    /// Returns the error at the end of the archive, if there is one.
    pub(super) fn take_error(&mut self) -> Option<Error> {
        let end = std::mem::take(&mut self.0);
        let begin = end.iter().rposition(|byte| *byte == 0).map_or(0, |zero| zero + 1);
        let text = end.get(begin..)?;
        // If a layer ends with text, no zero precedes the record.
        let record = text.windows(14).rposition(|window| window == br#"{"errorDetail""#)?;
        serde_json::from_slice::<Progress>(text.get(record..)?).ok()?.take_error()
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Trailer};
    use bytes::Bytes;

    const ERROR: &str = "{\"errorDetail\":{\"message\":\"no space left\"},\"error\":\"no space left\"}\r\n";

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
        for before in [&[0; 1024][..], b"text", b"", &vec![1; 3 * LONGEST]] {
            for cut in 0..=ERROR.len() {
                let (a, b) = ERROR.as_bytes().split_at(cut);
                assert_eq!(error(&[before, a, b]).as_deref(), Some("no space left"), "cut at {cut}");
            }
            let single: Vec<&[u8]> = ERROR.as_bytes().chunks(1).collect();
            assert_eq!(error(&[&[before], single.as_slice()].concat()).as_deref(), Some("no space left"));
        }
    }

    #[test]
    fn finds_none_in_a_whole_archive() {
        assert_eq!(error(&[ERROR.as_bytes(), &[0; 1024]]), None);
        assert_eq!(error(&[b"{\"errorDetail\"", &vec![0; LONGEST * 2]]), None);
        assert_eq!(error(&[&vec![b'x'; LONGEST * 2]]), None);
        assert_eq!(error(&[]), None);
    }
}
