//! [`Client`]: what all handles and calls of one engine share.

use super::answer::Answer;
use super::{Request, failure};
use crate::transport::{Deadlines, Pool, Target};
use crate::{Error, ErrorKind, Limits, Result, Version};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, StatusCode, Uri};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// An engine: its connections, its limits, and the API version that is spoken with it.
#[derive(Debug)]
pub(crate) struct Client {
    pool: Arc<Pool>,
    authority: HeaderValue,
    pub(super) limits: Limits,
    /// Agreed upon at the first call, once, for all clones; or pinned.
    version: OnceCell<Version>,
}

const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("longshore/", env!("CARGO_PKG_VERSION")));
const JSON: HeaderValue = HeaderValue::from_static("application/json");

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

    /// The version that is spoken: the pinned one, or the newest that both sides know.
    pub(crate) async fn version(self: &Arc<Self>) -> Result<Version> {
        self.version.get_or_try_init(|| self.negotiate()).await.copied()
    }

    /// Asks `/_ping` for the engine's newest version: HEAD, then GET for what does not answer HEAD with 200.
    async fn negotiate(self: &Arc<Self>) -> Result<Version> {
        let head = self.request_unversioned(Method::HEAD, &["_ping"]).limits(self.limits).exchange(None).await;
        let answer = match head {
            Ok(answer) if answer.status() == StatusCode::OK => answer,
            Err(error) if error.is_connect() || error.is_timeout() => return Err(error),
            _ => self.request_unversioned(Method::GET, &["_ping"]).limits(self.limits).exchange(None).await?,
        };
        let Some(newest) = answer.header("api-version").map(str::to_owned) else {
            // A proxy may have taken the header off. What is not an engine says so itself.
            return failure::check(answer).await?.finish().await.map(|()| Version::OLDEST);
        };
        answer.finish().await.ok(); // the header is what matters, also beside a status of 500
        let newest: Version = newest
            .parse()
            .map_err(|_| Error::new(ErrorKind::Decode, format!("the engine's Api-Version {newest:?} is no version")))?;
        if newest < Version::OLDEST {
            return Err(self.too_old(newest).await);
        }
        Ok(newest.min(Version::NEWEST))
    }

    /// Names both ranges; the engine's oldest version is only in `/version`.
    async fn too_old(self: &Arc<Self>, newest: Version) -> Error {
        #[derive(serde::Deserialize)]
        struct Versions {
            #[serde(rename = "MinAPIVersion")]
            oldest: String,
        }

        let request = self.request_unversioned(Method::GET, &["version"]).limits(self.limits);
        let versions = match request.exchange(None).await {
            Ok(answer) => answer.json::<Versions>().await.ok(),
            Err(_) => None,
        };
        let engine = match versions {
            Some(versions) => format!("{} to {newest}", versions.oldest),
            None => format!("up to {newest}"),
        };
        let (oldest, ours) = (Version::OLDEST, Version::NEWEST);
        let message = format!("the engine speaks API {engine}, and longshore {oldest} to {ours}");
        Error::new(ErrorKind::Version, message).with_hint("Docker 20.10 is the oldest engine that it works with")
    }
}

impl Request {
    /// Sends the request and gives the head of whatever answer comes.
    pub(super) async fn exchange(self, version: Option<Version>) -> Result<Answer> {
        let label = self.label();
        let label = || label;
        let message = match self.message(version) {
            Ok(message) => message,
            Err(error) => return Err(error.in_call(label)),
        };
        let deadlines = Deadlines::starting_now(self.effective_limits());
        let safe = self.method == Method::GET || self.method == Method::HEAD;
        match self.client.pool.send(|| message.clone(), safe, deadlines).await {
            Ok((head, body)) => Ok(Answer::new(head, body, label(), version)),
            Err(error) => Err(error.in_call(label)),
        }
    }

    fn message(&self, version: Option<Version>) -> Result<hyper::Request<Full<Bytes>>> {
        let base = &self.client.pool.target.base;
        let filters = self.filters.to_json();
        let mut target = self.target.clone();
        if let Some(filters) = filters {
            target.query("filters", &filters);
        }
        let text = match version {
            Some(version) => format!("{base}/v{version}{}", target.as_str()),
            None => format!("{base}{}", target.as_str()),
        };
        let uri = Uri::from_maybe_shared(Bytes::from(text))
            .map_err(|error| Error::input(format!("the request's path and query cannot be sent: {error}")))?;
        let body = self.body.clone().unwrap_or_default();
        let mut message = hyper::Request::new(Full::new(body.clone()));
        *message.method_mut() = self.method.clone();
        *message.uri_mut() = uri;
        let headers = message.headers_mut();
        headers.insert(header::HOST, self.client.authority.clone());
        headers.insert(header::USER_AGENT, USER_AGENT);
        if self.body.is_some() {
            headers.insert(header::CONTENT_TYPE, JSON);
        }
        if !body.is_empty() || self.method == Method::POST || self.method == Method::PUT {
            // Engines take a POST of unknown length for one with a body, and refuse it.
            headers.insert(header::CONTENT_LENGTH, body.len().into());
        }
        for (name, value) in &self.headers {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                Error::input(format!("the value of the header {name} has characters that no header may have"))
            })?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(message)
    }
}
