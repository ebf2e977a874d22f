//! The target of a request: its path and query, escaped, so that no value ever reaches another route.

use std::fmt::Write;

/// Path and query without the version: `/containers/web/json?size=true`.
#[derive(Clone, Default)]
pub(super) struct Target {
    text: String,
    path_length: usize,
}

impl Target {
    /// Joins segments to a path.
    ///
    /// A `/` in a segment separates segments, as in the names of images and of linked containers. Each is escaped. An
    /// empty one, `.` and `..` are refused: engines clean paths, and `/containers/../volumes/x` is a volume.
    pub(super) fn new(segments: &[&str]) -> Result<Self, String> {
        let mut path = String::with_capacity(64);
        for whole in segments {
            for segment in whole.split('/') {
                let wrong = match segment {
                    _ if whole.trim().is_empty() => "it is empty",
                    "" => "it has an empty segment",
                    "." | ".." => "it has a segment of dots, which would lead elsewhere",
                    _ if segment.chars().any(char::is_control) => "it has a control character",
                    _ => "",
                };
                if !wrong.is_empty() {
                    return Err(format!("{whole:?} is no name or id: {wrong}"));
                }
                path.push('/');
                escape(&mut path, segment, b"-._~:@");
            }
        }
        Ok(Self { path_length: path.len(), text: path })
    }

    pub(super) fn query(&mut self, name: &str, value: &str) {
        let separator = if self.text.len() == self.path_length { '?' } else { '&' };
        self.text.push(separator);
        self.text.push_str(name);
        self.text.push('=');
        escape(&mut self.text, value, b"-._~");
    }

    pub(super) fn path(&self) -> &str {
        self.text.get(..self.path_length).unwrap_or_default()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Percent-encodes everything but letters, digits and `kept` (RFC 3986, section 2.1).
fn escape(text: &mut String, value: &str, kept: &[u8]) {
    for &byte in value.as_bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn escapes_what_would_change_the_route() {
        for (name, path) in [
            ("web", "/containers/web/json"),
            ("app/db", "/containers/app/db/json"),
            ("a?all=1", "/containers/a%3Fall%3D1/json"),
            ("a#b", "/containers/a%23b/json"),
            ("a%2Fb", "/containers/a%252Fb/json"),
            ("127.0.0.1:5000/web:1@sha256:ab", "/containers/127.0.0.1:5000/web:1@sha256:ab/json"),
            ("ä b", "/containers/%C3%A4%20b/json"),
            ("...", "/containers/.../json"),
        ] {
            assert_eq!(Target::new(&["containers", name, "json"]).expect(name).path(), path);
        }
    }

    #[test]
    fn refuses_what_would_lead_elsewhere() {
        for name in ["", " ", "/", "a/", "/a", "a//b", ".", "..", "x/../../volumes/precious", "a/./b", "a\nb", "a\0"] {
            let error = Target::new(&["containers", name]).err().unwrap_or_default();
            assert!(error.contains("is no name or id"), "{name:?}: {error}");
        }
    }

    #[test]
    fn escapes_queries() {
        let mut target = Target::new(&["build"]).expect("a path");
        target.query("t", "a b&c=d/é");
        target.query("t", "");
        assert_eq!(target.as_str(), "/build?t=a%20b%26c%3Dd%2F%C3%A9&t=");
        assert_eq!(target.path(), "/build");
    }
}
