//! [`Client`]: what all handles and calls of one engine share.

use super::observe::Observe;
use crate::config::{Endpoint, Registries};
use crate::http::{is_field_name, is_field_value};
use crate::transport::{Pool, Target};
use crate::{Error, Limits, Result, Version};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// An engine: its connections, its limits, and the API version that is spoken with it.
#[derive(Debug)]
pub(crate) struct Client {
    pub(super) pool: Pool,
    /// What each request has, by names in small letters: what the user's settings add, and our own, which goes before it.
    pub(super) headers: Vec<(String, String)>,
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
        if !target.base().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'?' && byte != b'#') {
            return Err(Error::config(format!("the path {:?} before each request's has to be escaped", target.base())));
        }
        let client = Self {
            headers: of_each_request(headers, target.authority())?,
            pool: Pool::new(target),
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

/// Headers of the user's settings, and our own. Their values are not shown: they may be credentials.
fn of_each_request(custom: Vec<(String, String)>, authority: String) -> Result<Vec<(String, String)>> {
    if !is_field_value(&authority) {
        return Err(Error::config(format!("{authority:?} is not a host's name")));
    }
    let own = [("host", authority), ("user-agent", concat!("longshore/", env!("CARGO_PKG_VERSION")).to_owned())];
    let wrong = |why| Error::config(format!("the headers of DOCKER_CUSTOM_HEADERS or HttpHeaders: {why}"));
    let mut headers = Vec::new();
    for (name, value) in custom {
        if !is_field_name(&name) {
            return Err(wrong(format!("{name:?} is no header's name")));
        }
        if !is_field_value(&value) {
            return Err(wrong(format!("the value of {name} has characters that no header may have")));
        }
        let name = name.to_ascii_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    headers.retain(|(name, _)| own.iter().all(|(own, _)| own != name));
    headers.extend(own.map(|(name, value)| (name.to_owned(), value)));
    Ok(headers)
}
