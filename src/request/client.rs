//! [`Client`]: what all handles and calls of one engine share.

use super::observe::Observe;
use crate::config::{Endpoint, Registries};
use crate::transport::{Pool, Target};
use crate::{Error, Limits, Result, Version};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// An engine: its connections, its limits, and the API version that is spoken with it.
#[derive(Debug)]
pub(crate) struct Client {
    pub(super) pool: Pool,
    pub(super) authority: HeaderValue,
    /// What the user's settings add to each request; our own headers go before them.
    pub(super) headers: HeaderMap,
    pub(crate) registries: Registries,
    limits: Limits,
    pub(super) observer: Option<Arc<dyn Observe>>,
    /// Agreed upon at the first call, once, for all clones; or pinned.
    pub(super) version: OnceCell<Version>,
}

impl Client {
    pub(crate) fn new(
        target: Target,
        limits: Limits,
        version: Option<Version>,
        headers: Vec<(String, String)>,
        registries: Registries,
        observer: Option<Arc<dyn Observe>>,
    ) -> Result<Arc<Self>> {
        let authority = target.authority();
        let authority = HeaderValue::try_from(&authority)
            .map_err(|error| Error::config(format!("{authority:?} is not a host's name: {error}")))?;
        let client = Self {
            pool: Pool::new(target),
            authority,
            headers: custom(headers)?,
            registries,
            observer,
            limits,
            version: OnceCell::new_with(version),
        };
        Ok(Arc::new(client))
    }

    /// The engine that was chosen.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.pool.target.endpoint
    }

    /// The limits of a call that sets none itself.
    pub(crate) fn default_limits(&self) -> Limits {
        self.limits.or(Limits::DEFAULT)
    }
}

/// Headers of the user's settings. Their values are not shown: they may be credentials.
fn custom(headers: Vec<(String, String)>) -> Result<HeaderMap> {
    let header = |(name, value): (String, String)| {
        let key = HeaderName::try_from(&name).map_err(|_| format!("{name:?} is no header's name"))?;
        let value = HeaderValue::try_from(value);
        let mut value = value.map_err(|_| format!("the value of {name} has characters that no header may have"))?;
        value.set_sensitive(true);
        Ok::<_, String>((key, value))
    };
    let headers = headers.into_iter().map(header).collect::<Result<_, _>>();
    headers.map_err(|why| Error::config(format!("the headers of DOCKER_CUSTOM_HEADERS or HttpHeaders: {why}")))
}
