//! Finds and stores credentials of registries, as the docker CLI does.

mod atomic_write;
mod config_file;
mod credentials;
mod entry;
mod helper;
mod lock;
mod program;
mod server;
mod store;
#[cfg(test)]
mod tests;

pub use credentials::Credentials;
pub(crate) use server::key_of_server;

use crate::endpoint::Environment;
use crate::{Map, Result};
use std::path::PathBuf;
use store::CredentialStore;

/// Looks up credentials in the process's environment at the time of each call. All methods block.
#[derive(Debug, Default)]
pub(crate) struct CredentialLookup {
    off: bool,
    folder: Option<PathBuf>,
}

impl CredentialLookup {
    /// Uses this configuration folder in place of the environment's. With `off`, finds nothing.
    pub(crate) fn new(folder: Option<PathBuf>, off: bool) -> Self {
        Self { off, folder }
    }

    /// Returns whether the lookup is off.
    pub(crate) fn is_off(&self) -> bool {
        self.off
    }

    /// Returns the credentials for a registry, given its host.
    pub(crate) fn find(&self, registry: &str) -> Result<Option<Credentials>> {
        self.with(|store| store.find(registry))
    }

    /// Returns the credentials for all registries, by key.
    #[allow(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    pub(crate) fn all(&self) -> Result<Map<Credentials>> {
        self.with(|store| store.all())
    }

    /// Checks that credentials for this server could be stored.
    pub(crate) fn check(&self, server: &str) -> Result<()> {
        self.with(|store| store.check(server))
    }

    /// Stores credentials.
    pub(crate) fn store(&self, credentials: &Credentials) -> Result<()> {
        self.with(|store| store.store(credentials))
    }

    /// Removes the stored credentials for a registry.
    pub(crate) fn erase(&self, server: &str) -> Result<()> {
        self.with(|store| store.erase(server))
    }

    fn with<T>(&self, work: impl FnOnce(&CredentialStore) -> Result<T>) -> Result<T> {
        work(&CredentialStore(&Environment::of_process()?.in_folder(self.folder.clone())))
    }
}
