//! Calls that concern registries: looks up credentials, and retries if a registry rejects them.

use super::builder::{Authorization, RegistryAuth, Request};
use super::client::Client;
use super::meaning::is_denied;
use super::send::send_as_it_is;
use crate::registry::{CredentialLookup, key_of_server};
use crate::transport::Retry;
use crate::{Credentials, Error, ErrorKind, Map, Result};
use std::sync::Arc;
use tokio::time::Instant;

const ONE: &str = "x-registry-auth";
const ALL: &str = "x-registry-config";

impl Request {
    /// Sends the credentials for this registry, if the docker CLI would find any.
    pub(crate) fn for_registry(mut self, host: &str) -> Self {
        self.authorization = Some(Authorization::new(RegistryAuth::One(host.to_owned())));
        self
    }

    /// Sends the credentials for all registries. Those in `own`, by key, take precedence over those of the docker CLI.
    pub(crate) fn for_all_registries(mut self, own: Map<Credentials>) -> Self {
        self.authorization = Some(Authorization::new(RegistryAuth::All(own)));
        self
    }

    /// Sends these credentials and looks up no others.
    pub(crate) fn credentials(mut self, credentials: &Credentials) -> Self {
        self.authorization = None;
        self.header(ONE, credentials.to_header())
    }
}

impl Authorization {
    fn new(whose: RegistryAuth) -> Self {
        Self { whose, send: |request| Box::pin(authorized(request, send_as_it_is)) }
    }
}

impl Client {
    /// Accesses the docker CLI's registry settings. Runs on another thread, because it reads files and runs programs.
    pub(crate) async fn registry_settings<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&CredentialLookup) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let client = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&client.registries)).await;
        done.unwrap_or_else(|error| {
            let message = format!("accessing the docker CLI's settings was interrupted: {error}");
            Err(Error::new(ErrorKind::Interrupted, message))
        })
    }
}

/// Runs a call with its credentials. If the registry rejects them, looks them up again and runs the call once more.
///
/// For calls that may fail in the middle of a streaming response. For others, [`send`](super::send) does it.
pub(crate) async fn authorized<T, F: Future<Output = Result<T>>>(
    mut request: Request,
    run: impl Fn(Request) -> F,
) -> Result<T> {
    let Some(Authorization { whose, .. }) = request.authorization.take() else { return Box::pin(run(request)).await };
    request.begun.get_or_insert_with(Instant::now);
    request.check().map_err(|error| error.in_call(|| request.label().to_string()))?;
    let Some(header) = look_up(&request, &whose).await? else {
        let is_off = request.client().registries.is_off();
        let outcome = Box::pin(run(request)).await;
        return outcome.map_err(|error| if is_off { error } else { nobody(error, &whose) });
    };
    let spare = (request.retry() != Retry::Never).then(|| request.clone());
    match (Box::pin(run(with(request, header))).await, spare) {
        (Err(error), Some(spare)) if is_refusal(&error) => match look_up(&spare, &whose).await {
            Ok(Some(header)) => Box::pin(run(with(spare, header))).await,
            // The rejection is the error to report, not that the second lookup found nothing.
            Ok(None) | Err(_) => Err(error),
        },
        (outcome, _) => outcome,
    }
}

type Header = (&'static str, String);

fn with(request: Request, (name, value): Header) -> Request {
    request.header(name, value)
}

/// Returns the header with the credentials, if there are any.
async fn look_up(request: &Request, whose: &RegistryAuth) -> Result<Option<Header>> {
    let client = request.client();
    let own = match whose {
        RegistryAuth::All(own) if client.registries.is_off() => return Ok(header_of_all(own)),
        RegistryAuth::One(_) if client.registries.is_off() => return Ok(None),
        whose => whose.clone(),
    };
    let found = client.registry_settings(move |settings| match own {
        RegistryAuth::One(host) => Ok(settings.find(&host)?.map(|found| (ONE, found.to_header()))),
        RegistryAuth::All(own) => {
            let mut all = settings.all()?;
            // The CLI's keys may be URLs, and engines would prefer some of them.
            all.retain(|server, _| !own.contains_key(&key_of_server(server)));
            all.extend(own);
            Ok(header_of_all(&all))
        }
    });
    let found = request.deadlines().preparing("waiting for the credential helper", found).await;
    found.map_err(|error| error.in_call(|| request.label().to_string()))
}

fn header_of_all(all: &Map<Credentials>) -> Option<Header> {
    (!all.is_empty()).then(|| (ALL, Credentials::to_config_header(all)))
}

/// Returns whether a registry rejected the credentials.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Status | ErrorKind::Stream) && error.is_unauthorized()
}

/// Adds a hint if a registry requires credentials and none were found. A registry that denies access then lacks credentials,
/// unless the engine says that it found no such image.
fn nobody(error: Error, whose: &RegistryAuth) -> Error {
    let RegistryAuth::One(host) = whose else { return error };
    let is_denied = matches!(error.kind(), ErrorKind::Status | ErrorKind::Stream) && is_denied(error.message());
    if !is_denied && !is_refusal(&error) {
        return error;
    }
    let error = if is_denied && !error.is_not_found() { error.with_status(401) } else { error };
    error.with_hint(format!(
        "no credentials for {host} were found: `docker login` stores them, or pass some to the call"
    ))
}
