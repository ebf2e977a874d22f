//! The registry settings of `config.json`.

use super::credentials::Credentials;
use super::entry::{AUTH, Entry};
use super::helper::{Helper, is_on_path};
use super::server::host_of;
use crate::endpoint::{read_json, unreadable};
use crate::wire::{AnyCase, null_to_default};
use crate::{Map, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The part of `config.json` that concerns registries.
#[derive(Default)]
pub(super) struct AuthFile {
    /// The path of the file, which may be absent. `None` without a home directory.
    path: Option<PathBuf>,
    settings: Settings,
    /// The system's default helper, if the file has no settings of credentials.
    detected: Option<&'static str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    auths: Map<AnyCase<Entry>>,
    #[serde(rename = "credsstore", deserialize_with = "null_to_default")]
    creds_store: String,
    #[serde(rename = "credhelpers")]
    cred_helpers: Map<String>,
}

impl AuthFile {
    /// Reads the file. An absent one is empty. `search` is the value of `PATH`.
    pub(super) fn read(path: Option<PathBuf>, search: &str) -> Result<Self> {
        let AnyCase(settings) = match &path {
            Some(path) => read_json::<AnyCase<Settings>>(path)?.unwrap_or_default(),
            None => AnyCase::default(),
        };
        let is_silent =
            settings.auths.is_empty() && settings.creds_store.is_empty() && settings.cred_helpers.is_empty();
        let detected = if is_silent { detect(search) } else { None };
        Ok(Self { path, settings, detected })
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns the name of the helper that is used without being configured.
    pub(super) fn detected(&self) -> Option<&'static str> {
        self.detected
    }

    /// Returns the helper for a registry. `None` if the file itself holds the credentials.
    pub(super) fn helper(&self, key: &str, search: &str) -> Result<Option<Helper>> {
        match self.settings.cred_helpers.get(key) {
            Some(name) if name.is_empty() => Ok(None),
            Some(name) => Helper::new(name, &self.origin(&format!("credHelpers.{key}")), search).map(Some),
            None => self.store(search),
        }
    }

    /// Returns the helper for registries without one of their own.
    pub(super) fn store(&self, search: &str) -> Result<Option<Helper>> {
        match (self.settings.creds_store.as_str(), self.detected) {
            ("", None) => Ok(None),
            ("", Some(name)) => Helper::new(name, "the default of this system", search).map(Some),
            (name, _) => Helper::new(name, &self.origin("credsStore"), search).map(Some),
        }
    }

    /// Returns the registries with a helper of their own.
    pub(super) fn helped(&self) -> impl Iterator<Item = &str> {
        self.settings.cred_helpers.keys()
    }

    /// Returns the entry for a registry: the one of that name, else the first with that host.
    pub(super) fn entry(&self, key: &str) -> Option<(&str, &Entry)> {
        let auths = &self.settings.auths;
        let exact = auths.iter().find(|(name, _)| *name == key);
        let found = exact.or_else(|| auths.iter().find(|(name, _)| host_of(name) == key));
        found.map(|(name, entry)| (name, &entry.0))
    }

    /// Returns the credentials for a registry that the file itself holds.
    pub(super) fn credentials(&self, key: &str) -> Result<Option<Credentials>> {
        let Some((name, entry)) = self.entry(key) else { return Ok(None) };
        self.read_entry(name, entry)
    }

    /// Returns all credentials that the file itself holds, by key.
    pub(super) fn all(&self) -> Result<Map<Credentials>> {
        let all = self
            .settings
            .auths
            .iter()
            .map(|(name, entry)| Ok(self.read_entry(name, &entry.0)?.map(|one| (name.to_owned(), one))));
        all.filter_map(Result::transpose).collect()
    }

    fn read_entry(&self, name: &str, entry: &Entry) -> Result<Option<Credentials>> {
        if let Some(credentials) = entry.credentials(name) {
            return Ok(credentials.unless_empty());
        }
        let path = self.path.as_deref().unwrap_or("config.json".as_ref());
        Err(unreadable(path, &format!("$.auths.{name}.auth is not {AUTH}")))
    }

    fn origin(&self, setting: &str) -> String {
        let path = self.path.as_deref().unwrap_or("config.json".as_ref());
        format!("{setting} of {}", path.display())
    }
}

/// Returns the helper that the docker CLI selects by default.
fn detect(search: &str) -> Option<&'static str> {
    let name = match std::env::consts::OS {
        "macos" => "osxkeychain",
        "windows" => "wincred",
        "linux" if is_on_path("pass", search) => "pass",
        "linux" => "secretservice",
        _ => return None,
    };
    is_on_path(&format!("docker-credential-{name}"), search).then_some(name)
}
