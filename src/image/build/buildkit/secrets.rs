//! [`BuildSecret`]: a secret for the steps of a build.

use super::grpc::Status;
use crate::stream::hidden;
use crate::wire::{Secret, SecretBytes};
use std::fmt;
use std::io::Read;
use std::path::PathBuf;

/// The docker CLI's limit.
const LARGEST: u64 = 500 << 10;

/// A secret for the steps of a build that mount it: `RUN --mount=type=secret,id=token`. Requires the feature
/// `buildkit`.
///
/// The secret is in no layer, build record or cache. Its `Debug` shows the source of the secret and never its value.
///
/// ```
/// use longshore::image::BuildSecret;
///
/// let secrets = [
///     BuildSecret::file("npmrc", "/home/ci/.npmrc"), // read when the build begins
///     BuildSecret::variable("token", "CI_TOKEN"),
///     BuildSecret::value("key", "hunter2"),
/// ];
/// assert!(!format!("{secrets:?}").contains("hunter2"));
/// ```
#[derive(Clone)]
#[must_use = "it does nothing until it is given to a build"]
pub struct BuildSecret {
    id: String,
    from: From,
}

#[derive(Clone)]
enum From {
    File(PathBuf),
    Variable(String),
    Value(Secret),
}

impl BuildSecret {
    /// Reads the secret from a file of at most 500 KiB when the build begins.
    pub fn file(id: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self { id: id.into(), from: From::File(path.into()) }
    }

    /// Reads the secret from an environment variable when the build begins.
    pub fn variable(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), from: From::Variable(name.into()) }
    }

    /// Uses this value.
    pub fn value(id: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self { id: id.into(), from: From::Value(value.into()) }
    }

    /// Reads the secret. Blocks if it is a file.
    fn read(self) -> Result<(String, SecretBytes), String> {
        let id = self.id;
        if id.is_empty() {
            return Err("a build secret must have an id".to_owned());
        }
        let bytes = match self.from {
            From::Value(value) => value.expose().as_bytes().to_vec(),
            From::Variable(name) => match std::env::var_os(&name) {
                Some(value) => value.into_encoded_bytes(),
                None => return Err(format!("cannot read the secret {id:?} from the variable {name}: it is not set")),
            },
            From::File(path) => {
                let mut bytes = Vec::new();
                let read = std::fs::File::open(&path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
                read.map_err(|error| format!("cannot read the secret {id:?} from {}: {error}", path.display()))?;
                bytes
            }
        };
        if bytes.len() as u64 > LARGEST {
            return Err(format!("the secret {id:?} is larger than {} KiB", LARGEST >> 10));
        }
        Ok((id, SecretBytes(bytes)))
    }
}

impl fmt::Debug for BuildSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("BuildSecret");
        shown.field("id", &self.id);
        match &self.from {
            From::File(path) => shown.field("file", path),
            From::Variable(name) => shown.field("variable", name),
            From::Value(_) => shown.field("value", &"…"),
        };
        shown.finish()
    }
}

/// The secrets of a session.
#[derive(Default)]
pub(super) struct Secrets(Vec<(String, SecretBytes)>);

impl Secrets {
    /// Reads all secrets. Blocks.
    pub(super) fn read(secrets: Vec<BuildSecret>) -> Result<Self, String> {
        secrets.into_iter().map(BuildSecret::read).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the secret with this ID. Of several with the same ID, the last one applies.
    pub(super) fn find(&self, id: &str) -> Result<&[u8], Status> {
        let found = self.0.iter().rev().find(|(own, _)| own == id).map(|(_, bytes)| bytes.0.as_slice());
        found.ok_or_else(|| Status::not_found(format!("the build was given no secret {id:?}")))
    }

    /// Replaces each line of the secrets in a text.
    pub(super) fn hide_in(&self, text: &mut String) {
        let lines = self.0.iter().flat_map(|(_, bytes)| bytes.0.split(|byte| matches!(byte, b'\n' | b'\r')));
        // A line that is not UTF-8 is hidden by the parts that are. Engines replace the bytes between them.
        let parts = lines.flat_map(|line| line.utf8_chunks().map(|part| part.valid().trim()));
        hidden::hide(text, parts.filter(|line| line.len() >= hidden::SHORTEST).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::{BuildSecret, LARGEST, Secrets};
    use crate::image::BuildTrace;
    use crate::stream::{BuildStatus, Source, VertexLog};
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_variable_holds_any_bytes() {
        let name = "LONGSHORE_TEST_SECRET_BYTES";
        if std::env::var_os(name).is_none() {
            // Again, in a process with the variable.
            let mut again = std::process::Command::new(std::env::current_exe().expect("this program"));
            again.args(["--exact", "image::build::buildkit::secrets::tests::a_variable_holds_any_bytes"]);
            assert!(again.env(name, OsStr::from_bytes(b"hunter\xff2")).status().expect("run").success());
            return;
        }
        let secrets = Secrets::read(vec![BuildSecret::variable("a", name)]).expect("read");
        assert_eq!(secrets.find("a").expect("a secret"), b"hunter\xff2");
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let error = Secrets::read(vec![BuildSecret::variable("a", "LONGSHORE_NOT_SET")]).err().expect("an error");
        assert_eq!(error, "cannot read the secret \"a\" from the variable LONGSHORE_NOT_SET: it is not set");
    }

    fn hidden(secrets: &[&str], text: &str) -> String {
        let secrets = secrets.iter().map(|secret| BuildSecret::value("a", *secret)).collect();
        let mut text = text.to_owned();
        Secrets::read(secrets).expect("read").hide_in(&mut text);
        text
    }

    #[test]
    fn secrets_are_hidden_line_by_line() {
        assert_eq!(hidden(&["one\r\n first line \nsecond"], "first line, one second"), "…, one …");
        assert_eq!(hidden(&["hunter2", "hunter2-and-more"], "hunter2-and-more hunter2"), "… …");
        assert_eq!(hidden(&["correct horse battery"], "correct horse\nx correct ho…\ncorrect x"), "…\nx …\ncorrect x");
        assert_eq!(hidden(&["1234567ä"], "a 1234567\u{fffd}"), "a 1234567\u{fffd}"); // too short to be recognized
        assert_eq!(hidden(&["12345678ä"], "a 12345678\u{fffd}"), "a …");
    }

    #[test]
    fn a_secret_that_is_not_utf8_is_hidden_by_its_parts() {
        let bytes = b"hunter\xff2\xe2\x82correct horse\xff".to_vec();
        let secrets = Secrets(vec![("a".to_owned(), crate::wire::SecretBytes(bytes.clone()))]);
        // As Rust and Go replace the bytes.
        for mut text in
            [String::from_utf8_lossy(&bytes).into_owned(), "hunter\u{fffd}2\u{fffd}\u{fffd}correct horse".into()]
        {
            secrets.hide_in(&mut text);
            assert!(!text.contains("hunter") && !text.contains("horse"), "{text}");
        }
    }

    #[test]
    fn a_secret_is_hidden_in_a_line_that_was_cut() {
        let secret: String =
            (0..5_000).map(|index| char::from(b'a' + u8::try_from(index % 23).expect("small"))).collect();
        assert!(secret.len() as u64 <= LARGEST);
        for before in ["", "the token is ", "10 %\r"] {
            let log = VertexLog {
                vertex: "a".to_owned(),
                timestamp: None,
                source: Source::Stdout,
                text: format!("{before}{secret}\nnext\n").into(),
            };
            let mut trace = BuildTrace::default();
            trace.note(&BuildStatus { logs: vec![log], ..BuildStatus::default() });
            let text = hidden(&[&secret], &trace.find("a").expect("a step").all_text());
            assert_eq!(text, format!("{}…\nnext", before.trim_start_matches("10 %\r")));
        }
    }
}
