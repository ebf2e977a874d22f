//! Calls that concern registries: whose credentials they carry, and what is done if those are not taken.

use super::builder::{Authorization, RegistryAuth, Request};
use super::client::Client;
use super::send::send_as_it_is;
use crate::registry::CredentialLookup;
use crate::transport::Retry;
use crate::{Credentials, Error, ErrorKind, Map, Result};
use std::sync::Arc;
use tokio::time::Instant;

const ONE: &str = "x-registry-auth";
const ALL: &str = "x-registry-config";

impl Request {
    /// Sends the credentials for this registry along, if there are any: those that the docker CLI would take.
    pub(crate) fn for_registry(mut self, host: &str) -> Self {
        self.authorization = Some(Authorization::new(RegistryAuth::One(host.to_owned())));
        self
    }

    /// Sends the credentials for all registries along: those that the docker CLI has, and these in their place, by the names
    /// that they are kept by.
    pub(crate) fn for_all_registries(mut self, own: Map<Credentials>) -> Self {
        self.authorization = Some(Authorization::new(RegistryAuth::All(own)));
        self
    }

    /// Sends these credentials along, and looks for no others.
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
    /// Does something with the docker CLI's settings of registries. Files are read and programs are run for it: on another
    /// thread.
    pub(crate) async fn registry_settings<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&CredentialLookup) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let client = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&client.registries)).await;
        done.unwrap_or_else(|error| {
            let message = format!("what was done with the docker CLI's settings was stopped: {error}");
            Err(Error::new(ErrorKind::Interrupted, message))
        })
    }
}

/// Runs a call with the credentials that it needs; and once more, with those that are found then, if the first ones are not
/// taken. It is for calls that may fail in the midst of their answer; for others, [`send`](super::send) does it.
pub(crate) async fn authorized<T, F: Future<Output = Result<T>>>(
    mut request: Request,
    run: impl Fn(Request) -> F,
) -> Result<T> {
    let Some(Authorization { whose, .. }) = request.authorization.take() else { return Box::pin(run(request)).await };
    request.begun = Some(Instant::now());
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
            // That nothing is found any more is not what is wrong.
            Ok(None) | Err(_) => Err(error),
        },
        (outcome, _) => outcome,
    }
}

type Header = (&'static str, String);

fn with(request: Request, (name, value): Header) -> Request {
    request.header(name, value)
}

/// The header that credentials go in, if there are any.
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

/// Whether a registry does not take the credentials.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Status | ErrorKind::Stream) && error.is_unauthorized()
}

/// Says what to do if a registry wants credentials, and there are none.
fn nobody(error: Error, whose: &RegistryAuth) -> Error {
    match whose {
        RegistryAuth::One(host) if is_refusal(&error) => error.with_hint(format!(
            "no credentials for {host} were found: `docker login` keeps some, or give the call some"
        )),
        _ => error,
    }
}
