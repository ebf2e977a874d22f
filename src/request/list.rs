//! [`list`]: decodes a list while it arrives.

use super::decode::{decode, decode_element};
use super::splitter::Splitter;
use crate::transport::ResponseBody;
use crate::wire::null_to_empty;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads and decodes a body of at most `limit` bytes, to a list of at most as many. Skips elements that are `null`.
pub(super) async fn list<T: DeserializeOwned>(body: ResponseBody, limit: usize) -> Result<Vec<T>> {
    let mut chunks = Chunks { body, left: limit, limit };
    let mut first = chunks.next().await?;
    while first.as_ref().is_some_and(|chunk| chunk.trim_ascii().is_empty()) {
        first = chunks.next().await?;
    }
    let first = first.unwrap_or_default();
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
            if let Some(element) = decode_element(&element, index)? {
                push(&mut list, element, limit)?;
            }
            index += 1;
        }
        arrived = match next.take() {
            Some(second) => Some(second),
            None => chunks.next().await?,
        };
    }
    splitter.end().map(|()| list)
}

/// Adds an element, unless the list itself would take more memory than `limit`: an element of 2 bytes may take hundreds.
fn push<T>(list: &mut Vec<T>, element: T, limit: usize) -> Result<()> {
    if (list.len() + 1).saturating_mul(size_of::<T>()) > limit {
        let message = format!("the response is a list of more than {} elements", list.len());
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    list.push(element);
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::push;
    use crate::ErrorKind;

    #[test]
    fn a_list_has_a_bound_in_memory_too() {
        let mut list = Vec::new();
        for element in 0..4_u64 {
            push(&mut list, element, 32).expect("room for it");
        }
        let error = push(&mut list, 4, 32).expect_err("no room");
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::TooLarge, "the response is a list of more than 4 elements")
        );
    }
}
