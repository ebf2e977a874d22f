//! [`list`]: a list that is decoded while it arrives.

use super::decode::{decode, decode_element};
use super::splitter::Splitter;
use crate::transport::ResponseBody;
use crate::{Error, ErrorKind, Result};
use bytes::BytesMut;
use serde::de::DeserializeOwned;

/// Reads a body of at most `limit` bytes to its end, and leaves out elements that are `null`.
pub(super) async fn list<T: DeserializeOwned>(body: ResponseBody, limit: usize) -> Result<Vec<T>> {
    let mut chunks = Chunks { body, left: limit, limit };
    let mut splitter = Splitter::elements();
    let mut list = Vec::new();
    let mut index = 0;
    let mut is_list = false;
    while let Some(chunk) = chunks.next().await? {
        let first = chunk.iter().find(|byte| !byte.is_ascii_whitespace());
        if !is_list && first.is_some_and(|byte| *byte != b'[') {
            return Ok(decode::<Option<Vec<T>>>(&chunks.rest(chunk).await?)?.unwrap_or_default());
        }
        is_list |= first.is_some();
        splitter.push(chunk);
        while let Some(element) = splitter.next()? {
            list.extend(decode_element::<Option<T>>(&element, index)?);
            index += 1;
        }
    }
    splitter.end().map(|()| list)
}

struct Chunks {
    body: ResponseBody,
    left: usize,
    limit: usize,
}

impl Chunks {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>> {
        let Some(chunk) = self.body.next().await.transpose()? else { return Ok(None) };
        self.left = self.left.checked_sub(chunk.len()).ok_or_else(|| {
            Error::new(ErrorKind::TooLarge, format!("the response is larger than {} MiB", self.limit >> 20))
        })?;
        Ok(Some(chunk))
    }

    /// The chunk and all that comes behind it.
    async fn rest(&mut self, chunk: bytes::Bytes) -> Result<BytesMut> {
        let mut rest = BytesMut::from(chunk);
        while let Some(chunk) = self.next().await? {
            rest.extend_from_slice(&chunk);
        }
        Ok(rest)
    }
}
