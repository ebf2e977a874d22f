//! Decodes JSON and locates errors in it.

use serde::de::DeserializeOwned;
use std::fmt;

/// Longer paths are cut: a response can nest to any depth.
const MAX_PATH: usize = 256;

/// Tells what is wrong with a JSON text and where. It holds no value of the text, which may be a secret.
#[derive(Debug, PartialEq)]
pub(crate) struct DecodeError {
    reason: String,
    path: String,
    line: usize,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.reason, self.path)
    }
}

impl DecodeError {
    pub(crate) fn new(reason: impl Into<String>, path: &str) -> Self {
        Self { reason: reason.into(), path: path.to_owned(), line: 0 }
    }

    /// Describes the error with its line, for files that people write.
    pub(crate) fn with_line(&self) -> String {
        format!("{self}, in line {}", self.line)
    }

    /// Moves the path of an error into an element of a list.
    pub(crate) fn in_element(self, index: usize) -> Self {
        Self { path: format!("$[{index}]{}", self.path.strip_prefix('$').unwrap_or_default()), ..self }
    }
}

/// Decodes a JSON text.
pub(crate) fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    // Checking the whole text for UTF-8 is much faster than checking each string.
    if let Some(value) = std::str::from_utf8(text).ok().and_then(|text| serde_json::from_str(text).ok()) {
        return Ok(value);
    }
    Err(explain::<T>(text))
}

/// Decodes the text again, to locate the error.
#[cold]
fn explain<T: DeserializeOwned>(text: &[u8]) -> DecodeError {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => {
            let path = error.path().to_string();
            let error = error.into_inner();
            DecodeError { reason: without_values(&error), path: rooted(&path), line: error.line() }
        }
        Ok(_) => match deserializer.end() {
            Err(error) => DecodeError { reason: without_values(&error), path: "$".into(), line: error.line() },
            Ok(()) => not_utf_8(text),
        },
    }
}

/// Reports invalid UTF-8 in a field that is skipped.
fn not_utf_8(text: &[u8]) -> DecodeError {
    let valid = std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
    let line = 1 + text.iter().take(valid).filter(|byte| **byte == b'\n').count();
    DecodeError { reason: format!("byte {valid} is not UTF-8"), path: "$".into(), line }
}

/// Writes the path with a leading `$`. A trailing `?` stands for a field whose name was cut off.
fn rooted(path: &str) -> String {
    let path = path.trim_end_matches(".?");
    let path =
        if path.len() > MAX_PATH { path.chars().take(MAX_PATH).chain(['…']).collect() } else { path.to_owned() };
    match path.as_str() {
        "." | "?" => "$".to_owned(),
        _ if path.starts_with('[') => format!("${path}"),
        _ => format!("$.{path}"),
    }
}

/// Removes values from the decoder's message: `invalid type: string "hunter2", expected u16` quotes the input.
fn without_values(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    match (words.split_once(": "), words.rsplit_once(", expected ")) {
        (Some((what, found)), Some((_, expected))) if what.starts_with("invalid") => {
            let kind = found.split([' ', ',']).next().unwrap_or_default();
            format!("{what}: {kind}, expected {expected}")
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::random::{Random, for_inputs};
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    struct Item {
        id: String,
        ports: Vec<BTreeMap<String, u16>>,
    }

    fn failure(text: impl AsRef<[u8]>) -> String {
        super::decode::<Vec<Item>>(text.as_ref()).expect_err("it is wrong").to_string()
    }

    #[test]
    fn an_error_names_the_place_and_no_value() {
        let text = "[{\"id\":\"a\",\"ports\":[]},\n {\"id\":\"b\",\"ports\":[{\"x\":1},{\"y\\\"]\":\"hunter2\"}]}]";
        assert_eq!(failure(text), "invalid type: string, expected u16 at $[1].ports[1].y\"]");
        assert_eq!(super::decode::<Vec<Item>>(text.as_bytes()).expect_err("it is wrong").line, 2);
        for (text, why) in [
            ("[{\"id\":\"a\",\"ports\":[{\"x\":70000}]}]", "invalid value: integer, expected u16 at $[0].ports[0].x"),
            ("[{\"id\":\"a\"}]", "missing field `ports` at $[0]"),
            ("[{\"id\":\"a\",\"po", "EOF while parsing a string at $[0]"),
            ("[1]", "invalid type: integer, expected struct Item at $[0]"),
            ("{}", "invalid type: map, expected a sequence at $"),
            ("[] x", "trailing characters at $"),
        ] {
            assert_eq!(failure(text), why);
        }
    }

    #[test]
    fn a_text_that_is_not_utf_8_is_an_error() {
        assert_eq!(failure(b"[{\"id\":\"a\xff\"}]"), "invalid unicode code point at $[0].id");
        let unread = failure(b"[{\"id\":\"a\",\"ports\":[],\"unread\":\"\xff\"}]");
        assert_eq!(unread, "byte 32 is not UTF-8 at $");
    }

    #[test]
    fn a_path_without_end_is_cut() {
        let key = "k".repeat(100_000);
        let error = super::decode::<BTreeMap<String, u8>>(format!("{{\"{key}\":[]}}").as_bytes());
        assert!(error.expect_err("no number").to_string().len() < 400);
    }

    /// A random value, with a secret in each string.
    fn value(random: &mut Random, depth: usize) -> String {
        let inner: Vec<_> = (0..random.below(4)).map(|_| (depth < 4).then(|| value(random, depth + 1))).collect();
        let keys = ["id", "ports", "x", "\u{e9}", "\\\"]}", "\\u00e9"];
        let space = random.pick(&["", " ", "\n", "\r\n  "]);
        match random.below(8) {
            0 => "\"hunter2\"".to_owned(),
            1 => "\"\\\"}],{[: hunter2 \u{e9} at line 1, expected `x`\"".to_owned(),
            2 => random.pick(&["null", "true", "-1", "1e999", "70000", "0.5"]).to_owned(),
            3..6 => format!("[{}]", inner.into_iter().flatten().collect::<Vec<_>>().join(&format!("{space},"))),
            _ => {
                let fields =
                    inner.into_iter().flatten().map(|value| format!("\"{}\":{space}{value}", random.pick(&keys)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
        }
    }

    #[test]
    fn whatever_is_wrong_is_named_without_values() {
        for_inputs(5_000, |random| {
            let whole = format!("[{}]", (0..random.below(3)).map(|_| value(random, 0)).collect::<Vec<_>>().join(","));
            let mut text = whole.into_bytes();
            if random.chance(50) {
                text.truncate(random.below(text.len() + 1));
            }
            if let Err(error) = super::decode::<Vec<Item>>(&text) {
                let said = error.to_string();
                assert!(said.contains(" at $") && !said.contains("hunter2"), "{said}");
            }
            random.damage(&mut text);
            if let Err(error) = super::decode::<Vec<Item>>(&text) {
                assert!(error.to_string().len() < text.len() + 200);
            }
        });
    }
}
