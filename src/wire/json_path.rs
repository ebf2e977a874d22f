//! Where in a JSON text a decoder stopped, for its error: `$[3].State.Pid`.

use std::fmt::Write;
use std::str::Utf8Error;

/// What a decoder says of a text that is not UTF-8.
pub(crate) const NOT_UTF_8: &str = "invalid unicode code point";

/// What a decoder says of a text, and where in it; without the value that it stumbled over, which may be a secret.
pub(crate) fn describe(text: &[u8], error: &serde_json::Error) -> String {
    describe_in("$", text, error)
}

/// The same of a text that is a part of another one, at this path in it.
pub(crate) fn describe_in(root: &str, text: &[u8], error: &serde_json::Error) -> String {
    format!("{} at {}", without_values(error), of(root, text, error.line(), error.column()))
}

/// The same of a text that is not UTF-8, from where it is not.
pub(crate) fn describe_bad(text: &[u8], error: &Utf8Error) -> String {
    format!("{NOT_UTF_8} at {}", of("$", text, 1, error.valid_up_to()))
}

/// The path of the value at a line and column, as `serde_json` counts them (from 1, in bytes).
fn of(root: &str, text: &[u8], line: usize, column: usize) -> String {
    let before =
        text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum::<usize>();
    let end = before.saturating_add(column).min(text.len());
    let mut scanner = Scanner { text: text.get(..end).unwrap_or_default(), levels: Vec::new() };
    scanner.run();
    scanner.levels.iter().fold(root.to_owned(), |mut path, level| {
        // Writing to a String cannot fail.
        let _ = match level {
            Level::Object(Some(key)) => write!(path, ".{}", String::from_utf8_lossy(key)),
            Level::Object(None) => Ok(()),
            Level::Array(index) => write!(path, "[{index}]"),
        };
        path
    })
}

/// The decoder's words without values.
fn without_values(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    match (words.find([' ', '"', '`']).is_some(), words.split_once(": "), words.rsplit_once(", expected ")) {
        (true, Some((what, found)), Some((_, expected))) if what.starts_with("invalid") => {
            let kind = found.split([' ', ',']).next().unwrap_or_default();
            format!("{what}: {kind}, expected {expected}")
        }
        _ => words.to_owned(),
    }
}

enum Level<'a> {
    Object(Option<&'a [u8]>),
    Array(usize),
}

struct Scanner<'a> {
    text: &'a [u8],
    levels: Vec<Level<'a>>,
}

impl<'a> Scanner<'a> {
    /// Follows objects, keys and elements to the end of the text, which is where the error is.
    fn run(&mut self) {
        let mut at = 0;
        let mut expects_key = false;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'{' => {
                    self.levels.push(Level::Object(None));
                    expects_key = true;
                }
                b'[' => self.levels.push(Level::Array(0)),
                b'}' | b']' if at + 1 < self.text.len() => {
                    self.levels.pop();
                }
                b',' => match self.levels.last_mut() {
                    Some(Level::Array(index)) => *index += 1,
                    Some(Level::Object(_)) => expects_key = true,
                    None => {}
                },
                b'"' => {
                    let (string, end) = self.string(at + 1);
                    if let (true, Some(Level::Object(key))) = (expects_key, self.levels.last_mut()) {
                        *key = Some(string);
                        expects_key = false;
                    }
                    at = end;
                }
                _ => {}
            }
            // What is missing in an object is not at its last key.
            if let (b'}', true, Some(Level::Object(key))) = (byte, at + 1 >= self.text.len(), self.levels.last_mut()) {
                *key = None;
            }
            at += 1;
        }
    }

    /// The string that begins here, and where its closing quote is.
    fn string(&self, start: usize) -> (&'a [u8], usize) {
        let mut end = start;
        while let Some(byte) = self.text.get(end) {
            match byte {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        let end = end.min(self.text.len());
        (self.text.get(start..end).unwrap_or_default(), end)
    }
}

#[cfg(test)]
mod tests {
    use crate::random::{Random, for_seeds};
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    struct Item {
        id: String,
        ports: Vec<BTreeMap<String, u16>>,
    }

    fn failure(text: &str) -> String {
        let error = serde_json::from_str::<Vec<Item>>(text).expect_err("it is wrong");
        super::describe(text.as_bytes(), &error)
    }

    #[test]
    fn names_the_place() {
        let text = "[{\"id\":\"a\",\"ports\":[]},\n {\"id\":\"b\",\"ports\":[{\"x\":1},{\"y\\\"]\":\"hunter2\"}]}]";
        assert_eq!(failure(text), "invalid type: string, expected u16 at $[1].ports[1].y\\\"]");
        assert_eq!(
            failure("[{\"id\":\"a\",\"ports\":[{\"x\":70000}]}]"),
            "invalid value: integer, expected u16 at $[0].ports[0].x"
        );
        assert_eq!(failure("[{\"id\":\"a\"}]"), "missing field `ports` at $[0]");
        assert_eq!(failure("[{\"id\":\"a\",\"po"), "EOF while parsing a string at $[0].po");
        assert_eq!(failure("[1]"), "invalid type: integer, expected struct Item at $[0]");
        assert_eq!(failure("{}"), "invalid type: map, expected a sequence at $");
    }

    /// Any value, with a secret in each text.
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
        for_seeds(5_000, |random| {
            let whole = format!("[{}]", (0..random.below(3)).map(|_| value(random, 0)).collect::<Vec<_>>().join(","));
            let mut text = whole.into_bytes();
            let is_cut = random.chance(50);
            if is_cut {
                text.truncate(random.below(text.len() + 1));
            }
            if let Err(error) = serde_json::from_slice::<Vec<Item>>(&text) {
                let said = super::describe(&text, &error);
                assert!(
                    said.contains(" at $") && !said.contains("hunter2"),
                    "{said}: {}",
                    String::from_utf8_lossy(&text)
                );
            }
            random.damage(&mut text);
            if let Err(error) = serde_json::from_slice::<Vec<Item>>(&text) {
                assert!(super::describe(&text, &error).len() < text.len() + 200);
            }
        });
    }
}
