//! The credentials that the engine requests for registries during a build.

use super::grpc::Status;
use super::proto::{CredentialsRequest, CredentialsResponse};
use crate::registry::key_of_server;
use crate::request::Client;
use crate::{Credentials, Map};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The build's own credentials, and those that the docker CLI would use. Each registry is looked up only once, because
/// engines ask up to 13 times.
pub(super) struct Registries {
    client: Arc<Client>,
    /// By the registry's key.
    own: Map<Credentials>,
    found: Mutex<HashMap<String, Result<Option<Credentials>, Status>>>,
}

impl Registries {
    pub(super) fn new(client: Arc<Client>, own: Map<Credentials>) -> Self {
        Self { client, own, found: Mutex::default() }
    }

    /// Returns the credentials for a registry, empty if there are none.
    pub(super) async fn credentials(&self, asked: CredentialsRequest) -> Result<CredentialsResponse, Status> {
        // BuildKit asks for Docker Hub by the address of its registry.
        let host = if asked.host == "registry-1.docker.io" { "docker.io".to_owned() } else { asked.host };
        let mut found = self.found.lock().await;
        if !found.contains_key(&host) {
            let looked_up = self.look_up(host.clone()).await;
            found.insert(host.clone(), looked_up);
        }
        let credentials = found.get(&host).cloned().unwrap_or(Ok(None))?;
        let Some(credentials) = credentials else { return Ok(CredentialsResponse::default()) };
        let Some((username, secret)) = credentials.user_and_secret() else {
            let what = "the credentials are a registry token, which longshore does not support with BuildKit";
            return Err(Status::unknown(format!("{host}: {what}; use a password or an identity token")));
        };
        Ok(CredentialsResponse { username: username.to_owned(), secret: secret.to_owned() })
    }

    async fn look_up(&self, host: String) -> Result<Option<Credentials>, Status> {
        if let Some(own) = self.own.get(&key_of_server(&host)) {
            return Ok(Some(own.clone()));
        }
        if self.client.registries.is_off() {
            return Ok(None);
        }
        let found = self.client.registry_settings(move |settings| settings.find(&host)).await;
        found.map_err(|error| Status::unknown(error.to_string()))
    }
}
