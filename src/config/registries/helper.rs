//! Credential helpers: programs that keep credentials, such as `docker-credential-pass`.

use super::program::{self, Failure, Output};
use crate::config::credentials::Credentials;
use crate::config::folder;
use crate::config::secret::{Secret, SecretBytes};
use crate::wire::null_to_default;
use crate::{Error, Map, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a helper may take; one that asks its user for something may take that long.
const LIMIT: Duration = Duration::from_secs(30);
/// What a helper says if it has nothing.
const NOT_FOUND: &str = "credentials not found in native keychain";
/// The name of the user whose secret is an identity token.
const TOKEN: &str = "<token>";
/// So much of a complaint is shown.
const COMPLAINT: usize = 400;

/// A helper, by what names it in `config.json`.
pub(super) struct Helper {
    program: PathBuf,
    /// `docker-credential-pass (credsStore of /home/me/.docker/config.json)`
    label: String,
    pub(super) limit: Duration,
}

/// What a helper reads and writes.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Answer {
    #[serde(rename = "ServerURL")]
    server_url: String,
    username: String,
    #[serde(deserialize_with = "null_to_default")]
    secret: Secret,
}

impl Helper {
    /// Finds the program on `path`, as `PATH` is written. `origin` names the setting that names it.
    pub(super) fn new(name: &str, origin: &str, path: &str) -> Result<Self> {
        let is_name = name.chars().all(|letter| letter.is_alphanumeric() || "_.+-".contains(letter));
        if !is_name {
            let message =
                format!("{origin}: {name:?} is no credential helper's name: letters, digits and _.+- make one");
            return Err(Error::config(message));
        }
        let file = format!("docker-credential-{name}");
        match on_path(&file, path) {
            Some(program) => Ok(Self { program, label: format!("{file} ({origin})"), limit: LIMIT }),
            None => Err(Error::config(format!("{origin} names {file}, and there is no such program on PATH"))
                .with_hint("install it, or take the setting out if the credentials are elsewhere")),
        }
    }

    /// The credentials for a registry.
    pub(super) fn get(&self, server: &str) -> Result<Option<Credentials>> {
        let output = self.run("get", server.as_bytes().to_vec())?;
        if !output.status.success() {
            return if says_not_found(&output) { Ok(None) } else { Err(self.failure("get", &output, None)) };
        }
        let Answer { username, secret, .. } = self.decode("get", r#"{"Username":"…","Secret":"…"}"#, &output)?;
        let credentials = if username == TOKEN {
            Credentials::identity_token(secret)
        } else {
            Credentials::password(username, secret)
        };
        Ok(credentials.server(server).unless_empty())
    }

    /// The registries that it has credentials for.
    pub(super) fn list(&self) -> Result<Vec<String>> {
        let output = self.run("list", b"unused".to_vec())?;
        if !output.status.success() {
            return Err(self.failure("list", &output, None));
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
        let answer = Answer { server_url: server.to_owned(), username: username.to_owned(), secret: secret.clone() };
        let output = self.run("store", serde_json::to_vec(&answer).unwrap_or_default())?;
        if output.status.success() { Ok(()) } else { Err(self.failure("store", &output, Some(secret))) }
    }

    pub(super) fn erase(&self, server: &str) -> Result<()> {
        let output = self.run("erase", server.as_bytes().to_vec())?;
        if output.status.success() || says_not_found(&output) {
            return Ok(());
        }
        Err(self.failure("erase", &output, None))
    }

    fn run(&self, verb: &str, input: Vec<u8>) -> Result<Output> {
        program::run(&self.program, verb, SecretBytes(input), self.limit).map_err(|failure| {
            let error = Error::config(format!("{}: `{verb}` failed: {failure}", self.label));
            match failure {
                Failure::Run(source) => error.with_source(source),
                Failure::Timeout(_) | Failure::TooLarge => error,
            }
        })
    }

    fn decode<T: DeserializeOwned>(&self, verb: &str, expected: &str, output: &Output) -> Result<T> {
        folder::decode(&output.stdout.0)
            .map_err(|why| Error::config(format!("{}: what `{verb}` printed is not {expected}: {why}", self.label)))
    }

    /// A failure in the helper's own words. Most say them on their standard output.
    fn failure(&self, verb: &str, output: &Output, secret: Option<&Secret>) -> Error {
        // Something may have gone wrong only after the secret was printed.
        let printed = folder::decode::<Answer>(&output.stdout.0).ok().map(|answer| answer.secret);
        let secrets: Vec<_> = printed.iter().chain(secret).filter(|secret| !secret.is_empty()).collect();
        let mut message = format!("{}: `{verb}` ended with {}", self.label, output.status);
        for words in [&output.stdout.0, &output.stderr.0] {
            let words = complaint(&String::from_utf8_lossy(words), &secrets);
            if !words.is_empty() {
                message.push_str(": ");
                message.push_str(&words);
            }
        }
        Error::config(message)
    }
}

fn says_not_found(output: &Output) -> bool {
    output.stdout.0.trim_ascii() == NOT_FOUND.as_bytes()
}

/// One line of what a helper said, with what is secret left out: a JSON document with one, and the secret itself.
fn complaint(text: &str, secrets: &[&Secret]) -> String {
    let lines = text.lines().filter(|line| !line.contains("Secret")).collect::<Vec<_>>().join(" ");
    let text = secrets.iter().fold(lines, |text, secret| text.replace(secret.expose(), "…"));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = words.chars().filter(|letter| !letter.is_control()).take(COMPLAINT).collect();
    if shown.len() < words.len() {
        shown.push('…');
    }
    shown
}

/// Whether there is such a program.
pub(super) fn is_on_path(file: &str, path: &str) -> bool {
    on_path(file, path).is_some()
}

/// The program in the first folder that has it. A relative folder would depend on where one stands.
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
