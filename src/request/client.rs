//! [`Client`]: what all handles and calls of one engine share.

use super::negotiated::Negotiated;
use super::observe::Observe;
use crate::endpoint::Endpoint;
use crate::registry::CredentialLookup;
use crate::transport::{Pool, Target};
use crate::{Error, Limits, Result, Version};
use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, HeaderValue, USER_AGENT};
use std::fmt;
use std::sync::Arc;

/// An engine: its connections, its limits, and the API version that is spoken with it.
pub(crate) struct Client {
    pub(super) pool: Pool,
    /// What each request has: the user's headers, and our own, which go before those.
    pub(super) headers: HeaderMap,
    pub(crate) registries: CredentialLookup,
    limits: Limits,
    pub(super) observer: Option<Arc<dyn Observe>>,
    pub(super) negotiation: Negotiated,
}

/// What a client is made of, besides its engine.
#[derive(Default)]
pub(crate) struct ClientOptions {
    pub(crate) limits: Limits,
    pub(crate) max_connections: Option<usize>,
    pub(crate) version: Option<Version>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) observer: Option<Arc<dyn Observe>>,
}

impl Client {
    pub(crate) fn new(target: Target, registries: CredentialLookup, options: ClientOptions) -> Result<Arc<Self>> {
        if !target.base().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'?' && byte != b'#') {
            return Err(Error::config(format!("the path {:?} of the host must be percent-encoded", target.base())));
        }
        let client = Self {
            headers: headers(options.headers, &target.authority())?,
            pool: Pool::new(target, options.max_connections),
            registries,
            observer: options.observer,
            limits: options.limits,
            negotiation: Negotiated::new(options.version),
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

impl fmt::Debug for Client {
    /// The endpoint alone: headers may hold credentials, and handles show their client.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.endpoint(), f)
    }
}

/// The headers of the user's settings, and our own. Values are never shown: they may be credentials.
fn headers(custom: Vec<(String, String)>, authority: &str) -> Result<HeaderMap> {
    let wrong = |why| Error::config(format!("the headers of DOCKER_CUSTOM_HEADERS or HttpHeaders: {why}"));
    let mut headers = HeaderMap::new();
    for (name, value) in custom {
        let header = HeaderName::try_from(&name).map_err(|_| wrong(format!("{name:?} is not the name of a header")))?;
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| wrong(format!("the value of {name} has characters that no header may have")))?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    let host = HeaderValue::try_from(authority)
        .map_err(|_| Error::config(format!("{authority:?} is not the name of a host")))?;
    headers.insert(HOST, host);
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("longshore/", env!("CARGO_PKG_VERSION"))));
    Ok(headers)
}
