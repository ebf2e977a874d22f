//! [`list`]: decodes a list while it arrives.

use super::decode::{decode, decode_element};
use super::splitter::Splitter;
use crate::transport::ResponseBody;
use crate::wire::null_to_empty;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads and decodes a body of at most `limit` bytes. Skips elements that are `null`.
pub(super) async fn list<T: DeserializeOwned>(body: ResponseBody, limit: usize) -> Result<Vec<T>> {
    let mut chunks = Chunks { body, left: limit, limit };
    let first = chunks.next().await?.unwrap_or_default();
    let Some(second) = chunks.next().await? else { return whole(&first) };
    if first.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'[') {
        return whole(&chunks.rest([first, second]).await?);
    }
    let mut splitter = Splitter::elements();
    let mut list = Vec::new();
    let mut index = 0;
    let mut arrived = Some(first);
    let mut next = Some(second);
    while let Some(chunk) = arrived {
        splitter.push(chunk);
        while let Some(element) = splitter.next()? {
            list.extend(decode_element::<Option<T>>(&element, index)?);
            index += 1;
        }
        arrived = match next.take() {
            Some(second) => Some(second),
            None => chunks.next().await?,
        };
    }
    splitter.end().map(|()| list)
}

/// Decodes a list that has arrived completely.
fn whole<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>> {
    Ok(decode::<List<T>>(bytes)?.0)
}

/// A list that may be `null`.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned", transparent)]
struct List<T>(#[serde(deserialize_with = "null_to_empty")] Vec<T>);

struct Chunks {
    body: ResponseBody,
    left: usize,
    limit: usize,
}

impl Chunks {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(chunk) = self.body.next().await.transpose()? else { return Ok(None) };
        self.left = self.left.checked_sub(chunk.len()).ok_or_else(|| {
            Error::new(ErrorKind::TooLarge, format!("the response is larger than {} MiB", self.limit >> 20))
        })?;
        Ok(Some(chunk))
    }

    /// Returns these chunks and all that follow, concatenated.
    async fn rest(&mut self, begun: [Bytes; 2]) -> Result<Vec<u8>> {
        let mut rest = begun.concat();
        while let Some(chunk) = self.next().await? {
            rest.extend_from_slice(&chunk);
        }
        Ok(rest)
    }
}
