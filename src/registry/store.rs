//! Reads and writes registry credentials, in the docker CLI's order.

use super::atomic_write::{as_spelled, atomic_write, object};
use super::config_file::AuthFile;
use super::credentials::Credentials;
use super::entry::{AUTH, decode, write};
use super::helper::LIMIT;
use super::server::{HUB, host_of, key_of_registry, key_of_server};
use crate::endpoint::Environment;
use crate::wire::{Secret, SecretBytes, json};
use crate::{Error, Map, Result};
use serde::Deserialize;
use std::path::Path;
use std::time::{Duration, Instant};

const VARIABLE: &str = "DOCKER_AUTH_CONFIG";

/// The credentials of an environment. Each method reads the settings anew, and blocks.
pub(super) struct CredentialStore<'a>(pub(super) &'a Environment<'a>);

impl CredentialStore<'_> {
    /// Returns the credentials for a registry, given its host.
    pub(super) fn find(&self, registry: &str) -> Result<Option<Credentials>> {
        let key = key_of_registry(registry);
        let own = self.of_variable()?.remove(key);
        let file = self.file()?;
        match own {
            Some(credentials) => Ok(Some(credentials)),
            None => self.stored(&file, key, LIMIT),
        }
    }

    /// Returns the credentials for all registries, by key. As in the docker CLI, those that a helper fails to return
    /// are skipped: most calls do not need them.
    pub(super) fn all(&self) -> Result<Map<Credentials>> {
        self.all_within(LIMIT)
    }

    /// Does it within this time, however many registries there are. Those that no time is left for are skipped.
    pub(super) fn all_within(&self, limit: Duration) -> Result<Map<Credentials>> {
        let end = Instant::now() + limit;
        let left = || end.saturating_duration_since(Instant::now());
        let (own, file) = (self.of_variable()?, self.file()?);
        let mut all: Map<Credentials> = match file.store(&self.path()) {
            Ok(None) => file.all()?.into_iter().collect(),
            Ok(Some(mut helper)) => {
                helper.limit = left();
                let servers = helper.list().unwrap_or_default();
                let found = servers.into_iter().filter_map(|server| {
                    helper.limit = left();
                    Some((server.clone(), helper.get(&server).ok()??))
                });
                found.collect()
            }
            Err(_) => Map::new(),
        };
        for key in file.helped() {
            if let Ok(found) = self.stored(&file, key, left()) {
                all.remove(key);
                all.extend(found.map(|found| (key, found)));
            }
        }
        all.extend(own);
        Ok(all)
    }

    /// Checks that credentials could be stored.
    pub(super) fn check(&self, server: &str) -> Result<()> {
        let file = self.file()?;
        file.helper(&key_of_server(server), &self.path())?;
        path_of(&file).map(drop)
    }

    /// Stores credentials with the helper, or in the file.
    pub(super) fn store(&self, credentials: &Credentials) -> Result<()> {
        let (key, file) = (credentials.key(), self.file()?);
        let path = path_of(&file)?;
        let helper = file.helper(&key, &self.path())?;
        if let Some(helper) = &helper {
            helper.store(&key, credentials)?;
        }
        atomic_write(path, |all| {
            // Once the file has an entry, the default helper is no longer detected, so name it.
            if let Some(name) = file.detected() {
                all.insert("credsStore".to_owned(), name.into());
            }
            let auths = object(path, all, &as_spelled(all, "auths"))?;
            let old = auths.get(&key).cloned();
            let entry = object(path, auths, &key)?;
            match helper {
                Some(_) => write(entry, &Credentials::default()),
                None => write(entry, credentials),
            }
            Ok(old.as_ref() != auths.get(&key))
        })
    }

    /// Removes the stored credentials for a registry, under each of its possible keys.
    pub(super) fn erase(&self, server: &str) -> Result<()> {
        let key = key_of_server(server);
        let mut names = vec![key.clone()];
        if key != HUB {
            let host = host_of(server);
            names.extend([format!("http://{host}"), format!("https://{host}")]);
            names.extend(Some(server.to_owned()).filter(|server| !names.contains(server)));
        }
        let erased = names.iter().map(|name| self.erase_name(name)).collect::<Vec<_>>();
        // A helper need not know all of the keys, so one success is enough.
        let is_done = erased.iter().any(Result::is_ok);
        erased.into_iter().find(Result::is_err).filter(|_| !is_done).unwrap_or(Ok(()))
    }

    fn erase_name(&self, name: &str) -> Result<()> {
        let file = self.file()?;
        if let Some(helper) = file.helper(name, &self.path())? {
            helper.erase(name)?;
        }
        let Some(path) = file.path().filter(|path| path.exists()) else { return Ok(()) };
        atomic_write(path, |all| {
            let auths = as_spelled(all, "auths");
            Ok(all.contains_key(&auths) && object(path, all, &auths)?.remove(name).is_some())
        })
    }

    /// Returns the credentials from the helper, which may take this long, or the file.
    fn stored(&self, file: &AuthFile, key: &str, limit: Duration) -> Result<Option<Credentials>> {
        let Some(mut helper) = file.helper(key, &self.path())? else { return file.credentials(key) };
        helper.limit = limit;
        let found = helper.get(key)?;
        // The docker CLI sends the file's bearer token along with a helper's credentials.
        match file.entry(key).map(|(_, entry)| entry.registry_token()).unwrap_or_default() {
            token if token.is_empty() => Ok(found),
            token => Ok(Some(Credentials { registry_token: token, ..found.unwrap_or_default() })),
        }
    }

    fn of_variable(&self) -> Result<Map<Credentials>> {
        #[derive(Default, Deserialize)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        struct Variable {
            auths: Map<Auth>,
        }

        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Auth {
            auth: Secret,
        }

        let Some(text) = self.0.set(VARIABLE) else { return Ok(Map::new()) };
        let text = SecretBytes(text.into_bytes());
        let variable: Variable = json::decode(&text.0).map_err(|error| {
            let expected = r#"{"auths":{"registry.example.com":{"auth":"…"}}}"#;
            Error::config(format!("{VARIABLE} is not {expected}: {}", error.with_line()))
        })?;
        let auths = variable.auths.into_iter().map(|(key, Auth { auth })| match decode(auth.expose()) {
            Some((username, password)) => Ok((key.clone(), Credentials::password(username, password).server(key))),
            None => Err(Error::config(format!("{VARIABLE}: $.auths.{key}.auth is not {AUTH}"))),
        });
        auths.collect()
    }

    fn file(&self) -> Result<AuthFile> {
        AuthFile::read(self.0.folder().map(|folder| folder.config_file()), &self.path())
    }

    fn path(&self) -> String {
        self.0.set("PATH").unwrap_or_default()
    }
}

fn path_of(file: &AuthFile) -> Result<&Path> {
    let nowhere = || Error::config("there is nowhere to store credentials: neither DOCKER_CONFIG nor HOME is set");
    file.path().ok_or_else(nowhere)
}
