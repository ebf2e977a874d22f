//! [`Client`]: the state that all handles and calls of one engine share.

use super::negotiated::Negotiated;
use super::observe::Observe;
use crate::endpoint::Endpoint;
use crate::registry::CredentialLookup;
#[cfg(feature = "buildkit")]
use crate::transport::{Deadlines, Socket};
use crate::transport::{Pool, Target};
use crate::{Error, Limits, Result, Version};
use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, HeaderValue, USER_AGENT};
use std::fmt;
use std::sync::Arc;

/// An engine's connections, limits and negotiated API version.
pub(crate) struct Client {
    pub(super) pool: Pool,
    /// Headers of each request: the client's own and the user's, which take precedence.
    pub(super) headers: HeaderMap,
    pub(crate) registries: CredentialLookup,
    limits: Limits,
    pub(super) observer: Option<Arc<dyn Observe>>,
    pub(super) negotiation: Negotiated,
}

/// The headers of HTTP framing, which only the client itself sets.
pub(crate) const FRAMING: [&str; 4] = ["connection", "content-length", "transfer-encoding", "upgrade"];

/// The options of a client, besides its engine.
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

    /// Returns the selected engine.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.pool.target.endpoint
    }

    /// Opens a new connection to the engine, within the `connect` limit of a call.
    #[cfg(feature = "buildkit")]
    pub(crate) async fn connect_raw(&self, deadlines: &Deadlines) -> Result<impl Socket + use<>> {
        let connecting = self.pool.target.connect_raw(deadlines.connect_limit());
        deadlines.connecting("connecting", connecting).await
    }

    /// Returns the limits of a call that sets none itself.
    pub(crate) fn default_limits(&self) -> Limits {
        self.limits.or(Limits::DEFAULT)
    }
}

impl fmt::Debug for Client {
    /// Shows only the endpoint: handles show their client, and headers may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.endpoint(), f)
    }
}

/// Returns the headers of each request. Values are never shown, as they may be credentials.
fn headers(custom: Vec<(String, String)>, authority: &str) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in custom {
        let wrong = |why| {
            Error::config(format!("invalid header {name:?}, from the builder or the docker CLI's settings: {why}"))
        };
        let header = HeaderName::try_from(&name).map_err(|_| wrong("this is not the name of a header"))?;
        if FRAMING.contains(&header.as_str()) {
            return Err(wrong("the client sets it itself"));
        }
        let mut value =
            HeaderValue::try_from(value).map_err(|_| wrong("its value has characters that no header may have"))?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    let host = HeaderValue::try_from(authority)
        .map_err(|_| Error::config(format!("{authority:?} is not the name of a host")))?;
    headers.entry(HOST).or_insert(host);
    headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(concat!("longshore/", env!("CARGO_PKG_VERSION"))));
    Ok(headers)
}
