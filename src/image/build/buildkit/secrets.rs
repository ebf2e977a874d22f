//! [`BuildSecret`]: a secret for the steps of a build.

use super::grpc::Status;
use crate::wire::{Secret, SecretBytes, variable};
use std::fmt;
use std::io::Read;
use std::path::PathBuf;

/// The docker CLI's limit.
const LARGEST: u64 = 500 << 10;

/// A secret for the steps of a build that mount it: `RUN --mount=type=secret,id=token`.
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
            From::Variable(name) => {
                let value =
                    variable(&name).and_then(|value| value.ok_or_else(|| format!("the variable {name} is not set")));
                value.map_err(|why| format!("cannot read the secret {id:?}: {why}"))?.into_bytes()
            }
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

    /// Replaces the secrets in a text.
    pub(super) fn hide_in(&self, text: &mut String) {
        for (_, bytes) in &self.0 {
            if let Some(secret) = std::str::from_utf8(&bytes.0).ok().map(str::trim).filter(|secret| !secret.is_empty())
            {
                for line in secret.lines().filter(|line| line.len() > 3) {
                    *text = text.replace(line, "…");
                }
            }
        }
    }
}
