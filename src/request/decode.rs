//! [`decode`]: decodes a response's JSON and explains errors in it.

use super::engine_error::refuse_error;
use super::text::excerpt;
use crate::wire::json::{self, DecodeError};
use crate::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

/// Decodes a response or one of its records. Errors name the place in the JSON.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    refuse_error(bytes)?;
    json::decode(bytes).map_err(|error| undecodable(bytes, &error))
}

/// Decodes a response or record that the API documents as an object. serde would also read a struct from a list of its fields.
pub(crate) fn decode_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if first(bytes) == Some(b'[') {
        return Err(not_as_documented(&DecodeError::new("invalid type: sequence, expected an object", "$")));
    }
    decode(bytes)
}

fn first(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// Decodes an element of a list. Errors name its index too.
pub(super) fn decode_element<T: DeserializeOwned>(bytes: &[u8], index: usize) -> Result<T> {
    json::decode(bytes).map_err(|error| not_as_documented(&error.in_element(index)))
}

pub(super) fn not_as_documented(error: &DecodeError) -> Error {
    Error::new(ErrorKind::Decode, format!("the response is not what the API documents: {error}"))
}

fn undecodable(bytes: &[u8], error: &DecodeError) -> Error {
    match first(bytes) {
        None => Error::new(ErrorKind::Decode, "the response is empty, where JSON was expected"),
        Some(b'{' | b'[' | b'n') => not_as_documented(error),
        Some(_) => {
            let message = format!("the response is not JSON: {}", excerpt(&String::from_utf8_lossy(beginning(bytes))));
            Error::new(ErrorKind::Decode, message)
        }
    }
}

/// Returns enough of a body for an excerpt.
fn beginning(bytes: &[u8]) -> &[u8] {
    bytes.get(..4096).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Item {
        #[serde(rename = "Name")]
        _name: String,
    }

    #[test]
    fn a_response_that_is_no_item_is_named() {
        for (text, why) in [
            (
                &b"{\n\"Name\":\"a\xff\"}"[..],
                "the response is not what the API documents: invalid unicode code point at $.Name",
            ),
            (b"oops \xff", "the response is not JSON: oops \u{fffd}"),
            (b" \n", "the response is empty, where JSON was expected"),
        ] {
            assert_eq!(decode::<Item>(text).expect_err("no item").message(), why);
        }
    }
}
