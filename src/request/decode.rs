//! [`decode`]: JSON, with words for what is wrong with it.

use super::text::excerpt;
use crate::wire::{Read, Reader, json_path, read_into};
use crate::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

/// Decodes JSON, and says where in it something is wrong.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_str(text(bytes)?).map_err(|error| wrong(bytes, &error))
}

/// Decodes JSON that is one of the API's types. Of no type, so that there is one of it for all.
pub(crate) fn decode_into(bytes: &[u8], read: &mut dyn FnMut(&mut dyn Reader) -> Read) -> Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(text(bytes)?);
    let read = read_into(&mut deserializer, read).and_then(|()| deserializer.end());
    read.map_err(|error| wrong(bytes, &error))
}

/// Whether it is UTF-8 is seen much faster of it as a whole than of each of its strings.
fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|error| undecodable(bytes, || json_path::describe_bad(bytes, &error)))
}

fn wrong(bytes: &[u8], error: &serde_json::Error) -> Error {
    undecodable(bytes, || json_path::describe(bytes, error))
}

fn undecodable(bytes: &[u8], why: impl FnOnce() -> String) -> Error {
    let message = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "the answer is empty, where JSON was expected".to_owned(),
        Some(b'{' | b'[' | b'n') => format!("the answer is not what the API documents: {}", why()),
        Some(_) => format!("the answer is not JSON: {}", excerpt(&String::from_utf8_lossy(bytes))),
    };
    Error::new(ErrorKind::Decode, message)
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
    fn what_is_not_utf_8_is_told_with_its_place() {
        for (text, why) in [
            (
                &b"{\n\"Name\":\"a\xff\"}"[..],
                "the answer is not what the API documents: invalid unicode code point at $.Name",
            ),
            (
                b"{\"Name\":\"a\",\"Unknown\":[\"\",\"\xc3\"]}",
                "the answer is not what the API documents: invalid unicode code point at $.Unknown[1]",
            ),
            (b"oops \xff", "the answer is not JSON: oops \u{fffd}"),
        ] {
            assert_eq!(decode::<Item>(text).expect_err("no UTF-8").message(), why);
        }
    }
}
