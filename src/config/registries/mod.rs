//! The credentials of registries, found and kept as the docker CLI does it.

mod entry;
mod file;
mod helper;
mod keyring;
mod program;
mod rewrite;
#[cfg(test)]
mod tests;

use super::credentials::Credentials;
use super::environment::Environment;
use crate::{Map, Result};
use keyring::Keyring;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Where a client finds credentials: in the process's environment, at the time of each call. All of it blocks.
#[derive(Debug, Default)]
pub(crate) struct Registries {
    off: bool,
    folder: Option<PathBuf>,
    /// The file is read and written by one at a time.
    writing: Mutex<()>,
}

impl Registries {
    /// With the folder of settings, if it is not that of the environment; `off`, nothing is found.
    pub(crate) fn new(folder: Option<PathBuf>, off: bool) -> Self {
        Self { off, folder, writing: Mutex::default() }
    }

    /// Whether nothing is looked up.
    pub(crate) fn is_off(&self) -> bool {
        self.off
    }

    /// The credentials for a registry, which is named by its host.
    pub(crate) fn find(&self, registry: &str) -> Result<Option<Credentials>> {
        self.with(|keyring| keyring.find(registry))
    }

    /// The credentials for all registries, by the names that they are kept by.
    #[allow(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    pub(crate) fn all(&self) -> Result<Map<Credentials>> {
        self.with(|keyring| keyring.all())
    }

    /// Checks that credentials for this could be stored.
    pub(crate) fn check(&self, server: &str) -> Result<()> {
        self.with(|keyring| keyring.check(server))
    }

    /// Stores credentials.
    pub(crate) fn store(&self, credentials: &Credentials) -> Result<()> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(|keyring| keyring.store(credentials))
    }

    /// Removes what is stored for a registry.
    pub(crate) fn erase(&self, server: &str) -> Result<()> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(|keyring| keyring.erase(server))
    }

    fn with<T>(&self, work: impl FnOnce(&Keyring) -> Result<T>) -> Result<T> {
        let variable = |name: &str| std::env::var(name).ok();
        work(&Keyring(&Environment::new(&variable).in_folder(self.folder.clone())))
    }
}
