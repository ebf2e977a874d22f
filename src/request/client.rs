//! [`Client`]: what all handles and calls of one engine share.

use crate::transport::{Pool, Target};
use crate::{Error, Limits, Result, Version};
use hyper::header::HeaderValue;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// An engine: its connections, its limits, and the API version that is spoken with it.
#[derive(Debug)]
pub(crate) struct Client {
    pub(super) pool: Pool,
    pub(super) authority: HeaderValue,
    limits: Limits,
    /// Agreed upon at the first call, once, for all clones; or pinned.
    pub(super) version: OnceCell<Version>,
}

impl Client {
    pub(crate) fn new(target: Target, limits: Limits, version: Option<Version>) -> Result<Arc<Self>> {
        let authority = target.authority();
        let authority = HeaderValue::try_from(&authority)
            .map_err(|error| Error::config(format!("{authority:?} is not a host's name: {error}")))?;
        let client = Self { pool: Pool::new(target), authority, limits, version: OnceCell::new_with(version) };
        Ok(Arc::new(client))
    }

    /// Where the engine is, as errors name it.
    pub(crate) fn name(&self) -> &str {
        &self.pool.target.name
    }

    /// The limits of a call that sets none itself.
    pub(crate) fn default_limits(&self) -> Limits {
        self.limits.or(Limits::DEFAULT)
    }
}
