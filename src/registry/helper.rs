//! Credential helpers: programs that store credentials, such as `docker-credential-pass`.

use super::credentials::Credentials;
use super::program::{self, Failure, Output};
use crate::wire::{AnyCase, Secret, SecretBytes, json, null_to_default};
use crate::{Error, Map, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The timeout of a helper. A helper that prompts its user may need that long.
pub(super) const LIMIT: Duration = Duration::from_secs(30);
/// The message of a helper that has no credentials.
const NOT_FOUND: &str = "credentials not found in native keychain";
/// Messages of helpers that are safe to show. Others may contain a secret.
const KNOWN: [&str; 3] = [NOT_FOUND, "no credentials server URL", "no credentials username"];
/// The user name that marks a secret as an identity token.
const TOKEN: &str = "<token>";

/// A credential helper.
pub(super) struct Helper {
    program: PathBuf,
    /// `docker-credential-pass (credsStore of /home/me/.docker/config.json)`
    label: String,
    pub(super) limit: Duration,
}

/// The input of a helper.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Stored<'a> {
    #[serde(rename = "ServerURL")]
    server_url: &'a str,
    username: &'a str,
    secret: &'a Secret,
}

/// The output of a helper.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "null_to_default")]
    username: String,
    #[serde(deserialize_with = "null_to_default")]
    secret: Secret,
}

impl Helper {
    /// Finds the program on `path`, in the format of `PATH`. `origin` is the setting that names the helper.
    pub(super) fn new(name: &str, origin: &str, path: &str) -> Result<Self> {
        let is_name = name.chars().all(|letter| letter.is_alphanumeric() || "_.+-".contains(letter));
        if !is_name {
            let message = format!("{origin}: invalid credential helper name {name:?}: use letters, digits and _.+-");
            return Err(Error::config(message));
        }
        let file = format!("docker-credential-{name}");
        match on_path(&file, path) {
            Some(program) => Ok(Self { program, label: format!("{file} ({origin})"), limit: LIMIT }),
            None => Err(Error::config(format!("{origin} names {file}, which is not on PATH"))
                .with_hint("install it, or remove the setting if the credentials are elsewhere")),
        }
    }

    /// Returns the credentials for a registry.
    pub(super) fn get(&self, server: &str) -> Result<Option<Credentials>> {
        let output = self.run("get", server.as_bytes().to_vec())?;
        if !output.status.success() {
            return if says_not_found(&output) { Ok(None) } else { Err(self.failure("get", &output)) };
        }
        let AnyCase(Found { username, secret }) = self.decode("get", r#"{"Username":"…","Secret":"…"}"#, &output)?;
        let credentials = if username == TOKEN {
            Credentials::identity_token(secret)
        } else {
            Credentials::password(username, secret)
        };
        Ok(credentials.server(server).unless_empty())
    }

    /// Returns the registries that the helper has credentials for.
    pub(super) fn list(&self) -> Result<Vec<String>> {
        let output = self.run("list", b"unused".to_vec())?;
        if !output.status.success() {
            return Err(self.failure("list", &output));
        }
        let users: Map<String> = self.decode("list", r#"{"https://registry.example.com":"user"}"#, &output)?;
        Ok(users.into_iter().map(|(server, _)| server).collect())
    }

    pub(super) fn store(&self, server: &str, credentials: &Credentials) -> Result<()> {
        let (username, secret) = if credentials.identity_token.is_empty() {
            (credentials.username.as_str(), &credentials.password)
        } else {
            (TOKEN, &credentials.identity_token)
        };
        let stored = Stored { server_url: server, username, secret };
        let output = self.run("store", serde_json::to_vec(&stored).unwrap_or_default())?;
        if output.status.success() { Ok(()) } else { Err(self.failure("store", &output)) }
    }

    pub(super) fn erase(&self, server: &str) -> Result<()> {
        let output = self.run("erase", server.as_bytes().to_vec())?;
        if output.status.success() || says_not_found(&output) {
            return Ok(());
        }
        Err(self.failure("erase", &output))
    }

    fn run(&self, verb: &str, input: Vec<u8>) -> Result<Output> {
        program::run(&self.program, verb, SecretBytes(input), self.limit).map_err(|failure| {
            let error = Error::config(format!("{}: `{verb}` failed: {failure}", self.label));
            match failure {
                Failure::Run(source) => error.with_source(source),
                Failure::Timeout(_) | Failure::Held(_) | Failure::TooLarge => error,
            }
        })
    }

    fn decode<T: DeserializeOwned>(&self, verb: &str, expected: &str, output: &Output) -> Result<T> {
        json::decode(&output.stdout.0).map_err(|error| {
            let why = error.with_line();
            Error::config(format!("{}: invalid output of `{verb}`, expected {expected}: {why}", self.label))
        })
    }

    /// Returns the error of a failed helper. It quotes the helper only where its message is known: its output may
    /// contain a secret.
    fn failure(&self, verb: &str, output: &Output) -> Error {
        let message = format!("{}: `{verb}` ended with {}", self.label, output.status);
        let known = KNOWN.iter().find(|words| says(output, words));
        match known {
            Some(words) => Error::config(format!("{message}: {words}")),
            None => Error::config(message)
                .with_hint("run the helper by hand to see what it prints: it may be a secret, and is not shown here"),
        }
    }
}

fn says_not_found(output: &Output) -> bool {
    says(output, NOT_FOUND)
}

fn says(output: &Output, words: &str) -> bool {
    [&output.stdout.0, &output.stderr.0].iter().any(|printed| printed.trim_ascii() == words.as_bytes())
}

/// Returns whether the program exists.
pub(super) fn is_on_path(file: &str, path: &str) -> bool {
    on_path(file, path).is_some()
}

/// Finds the program in the first folder that has it. Relative folders are skipped: they depend on the working directory.
fn on_path(file: &str, path: &str) -> Option<PathBuf> {
    let file = format!("{file}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|program| is_executable(program))
}

#[cfg(unix)]
fn is_executable(program: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(program).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(program: &Path) -> bool {
    program.is_file()
}
