//! [`Malformed`]

/// Why an answer is no answer of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("invalid HTTP version")]
    Version,
    #[error("invalid status")]
    Status,
    #[error("its head is larger than {} KiB", super::head::LARGEST >> 10)]
    LargeHead,
    #[error("its Content-Length is no number")]
    Length,
    #[error("the length of a chunk is no number")]
    ChunkLength,
    #[error("a chunk is longer than was announced")]
    ChunkEnd,
    #[error("what is between two chunks is longer than {} KiB", super::chunks::LONGEST_LINE >> 10)]
    LongLine,
}

impl From<Malformed> for std::io::Error {
    fn from(malformed: Malformed) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, malformed)
    }
}
