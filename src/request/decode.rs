//! [`decode`]: JSON, with words for what is wrong with it.

use super::text::excerpt;
use crate::wire::json_path;
use crate::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

/// Decodes JSON, and says where in it something is wrong.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // Whether it is UTF-8 is seen much faster of it as a whole than of each of its strings.
    let text =
        std::str::from_utf8(bytes).map_err(|error| undecodable(bytes, || json_path::describe_bad(bytes, &error)))?;
    serde_json::from_str(text).map_err(|error| undecodable(bytes, || json_path::describe(bytes, &error)))
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
