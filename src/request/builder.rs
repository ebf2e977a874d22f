//! [`Request`]: builds a call's request before it is sent.

use super::BoxFuture;
use super::client::Client;
use super::filters::Filters;
use super::label::Label;
use super::response::Response;
use super::target::Target;
use crate::transport::{Deadlines, Retry};
use crate::{Credentials, Error, ErrorKind, GoDuration, Limits, Map, Moment, Result, Timestamp, Upload, Version};
use bytes::Bytes;
use hyper::Method;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, UPGRADE};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// A request under construction. Awaiting it fails with the first error that a setter noted.
///
/// Setters and futures move it, so it is only one pointer wide.
#[derive(Clone)]
pub(crate) struct Request(Box<RequestState>);

#[derive(Clone)]
pub(crate) struct RequestState {
    pub(super) client: Arc<Client>,
    pub(super) method: Method,
    pub(super) target: Target,
    pub(super) versioned: bool,
    pub(super) filters: Filters,
    gates: Vec<Gate>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Payload,
    /// The credentials to look up for the request.
    pub(super) authorization: Option<Authorization>,
    /// When the call started, if that matters.
    pub(super) begun: Option<Instant>,
    limits: Limits,
    timeouts: ClientTimeouts,
    /// Whether the request asks for another protocol, so that a response of 101 is expected.
    pub(super) upgrades: bool,
    refused: Option<String>,
}

/// The limits of the client that apply to a request without its own.
#[derive(Clone, Copy)]
enum ClientTimeouts {
    All,
    /// All limits, extended by the time that the engine itself is told to wait.
    Extended(Duration),
    /// Only `connect`: the response may be silent for any time.
    Connect,
    /// The limits until the engine has switched protocols.
    UntilHead,
}

/// The body of a request.
#[derive(Clone)]
pub(super) enum Payload {
    None,
    Json(Bytes),
    /// Shared by all clones of a request. The first one that is sent takes it.
    Upload(Arc<Mutex<Option<Upload>>>),
}

/// The credentials for a request, and the function that sends it with them.
#[derive(Clone)]
pub(super) struct Authorization {
    pub(super) whose: RegistryAuth,
    /// Looks up the credentials and sends the request. A pointer, so that only programs that make such calls link the code.
    pub(super) send: fn(Request) -> BoxFuture<Response>,
}

/// The registries whose credentials a request carries.
#[derive(Clone)]
pub(super) enum RegistryAuth {
    /// One registry, by its host.
    One(String),
    /// All registries. These credentials take precedence.
    All(Map<Credentials>),
}

/// A feature that not all supported API versions have.
#[derive(Clone, Copy)]
struct Gate {
    /// The first version with the feature.
    since: Version,
    /// The first version without the feature. Engines would silently ignore it.
    gone: Option<Version>,
    what: &'static str,
}

impl Deref for Request {
    type Target = RequestState;

    fn deref(&self) -> &RequestState {
        &self.0
    }
}

impl DerefMut for Request {
    fn deref_mut(&mut self) -> &mut RequestState {
        &mut self.0
    }
}

impl Client {
    /// Starts a request of an operation. The template is its path in the API's reference, such as
    /// `/containers/{id}/stop`. The names for its placeholders are checked and escaped. See [`Target`].
    pub(crate) fn request(self: &Arc<Self>, method: Method, template: &'static str, names: &[&str]) -> Request {
        Request::new(self.clone(), method, Target::new(template, names))
    }

    /// Starts a request of any path. Each segment is checked and escaped.
    pub(crate) fn raw_request(self: &Arc<Self>, method: Method, segments: &[&str]) -> Request {
        Request::new(self.clone(), method, Target::raw(segments))
    }
}

impl Request {
    fn new(client: Arc<Client>, method: Method, (target, refused): (Target, Option<String>)) -> Self {
        Self(Box::new(RequestState {
            client,
            method,
            target,
            versioned: true,
            filters: Filters::default(),
            gates: Vec::new(),
            headers: Vec::new(),
            body: Payload::None,
            authorization: None,
            begun: None,
            limits: Limits::new(),
            timeouts: ClientTimeouts::All,
            upgrades: false,
            refused,
        }))
    }

    /// Sets a query parameter. The last value wins.
    pub(crate) fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        self.target.set(name, value.to_string());
        self
    }

    /// Removes a query parameter.
    pub(crate) fn without_query(mut self, name: &str) -> Self {
        self.target.remove(name);
        self
    }

    /// Adds a query parameter that may be repeated.
    pub(crate) fn query_also(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        self.target.add(name, value.to_string());
        self
    }

    /// Sets a query parameter that APIs before `since` lack. With those, awaiting the request fails.
    pub(crate) fn query_since(self, since: Version, name: &'static str, value: impl Display) -> Self {
        self.since(since, name).query(name, value)
    }

    /// Sets a query parameter that has another name before API version `since`.
    pub(crate) fn query_renamed(
        mut self,
        since: Version,
        name: &'static str,
        before: &'static str,
        value: impl Display,
    ) -> Self {
        self.target.set_renamed(since, name, before, value.to_string());
        self
    }

    /// Requires API version `since` or later, because of `what`.
    pub(crate) fn since(mut self, since: Version, what: &'static str) -> Self {
        self.gates.push(Gate { since, gone: None, what });
        self
    }

    /// Sets whether the API version goes before the path.
    pub(crate) fn versioned(mut self, versioned: bool) -> Self {
        self.versioned = versioned;
        self
    }

    /// Sets a filter of the `filters` parameter that takes a single value. The last value wins.
    pub(crate) fn filter_one(mut self, key: &'static str, value: impl Display) -> Self {
        self.filters.clear(key);
        self.filter(key, value)
    }

    /// Requires an API version before `gone`, because of `what`.
    pub(crate) fn until(mut self, gone: Version, what: &'static str) -> Self {
        self.gates.push(Gate { since: Version::OLDEST, gone: Some(gone), what });
        self
    }

    /// Adds a value to a filter of the `filters` parameter.
    pub(crate) fn filter(mut self, key: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        if value.trim().is_empty() {
            return self.refuse(format!("the filter {key:?} needs a value, and was given none"));
        }
        self.filters.add(key, value);
        self
    }

    /// Calls a setter with a converted value, or refuses the call if the conversion fails.
    pub(crate) fn parsed<T>(self, value: impl TryInto<T, Error: Display>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value.try_into() {
            Ok(value) => set(self, value),
            Err(why) => self.refuse(why.to_string()),
        }
    }

    /// Calls a setter with a time, if the conversion succeeds.
    pub(crate) fn time(
        self,
        time: impl TryInto<Moment, Error: Display>,
        set: impl FnOnce(Self, Timestamp) -> Self,
    ) -> Self {
        self.parsed(time, |request, time: Moment| set(request, time.timestamp()))
    }

    /// Calls a setter with a duration, if the conversion succeeds.
    pub(crate) fn duration(
        self,
        duration: impl TryInto<GoDuration, Error: Display>,
        set: impl FnOnce(Self, Duration) -> Self,
    ) -> Self {
        self.parsed(duration, |request, duration: GoDuration| set(request, duration.duration()))
    }

    /// Sets the body to JSON.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => {
                self.body = Payload::Json(body.into());
                self
            }
            Err(error) => self.refuse(format!("the body cannot be written as JSON: {error}")),
        }
    }

    /// Sets the body to bytes of this content type, which are sent as they are produced.
    pub(crate) fn upload(mut self, content_type: &str, upload: impl Into<Upload>) -> Self {
        let upload = upload.into();
        if let Some(why) = upload.problem() {
            return self.refuse(why);
        }
        self.body = Payload::Upload(Arc::new(Mutex::new(Some(upload))));
        self.header(CONTENT_TYPE, content_type)
    }

    /// Returns the query parameters, in the order in which they were set.
    pub(crate) fn queries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.target.queries()
    }

    /// Returns whether a query parameter is set.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.target.has(name)
    }

    /// Sets a header. Its value is never shown.
    pub(crate) fn header(mut self, name: impl TryInto<HeaderName> + Display, value: impl TryInto<HeaderValue>) -> Self {
        let shown = name.to_string();
        let Ok(name) = name.try_into() else {
            return self.refuse(format!("{shown:?} is not the name of a header"));
        };
        let Ok(mut value) = value.try_into() else {
            return self.refuse(format!("the value of the header {name} has characters that no header may have"));
        };
        value.set_sensitive(true);
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// Adds a header beside others of its name. Its value is never shown.
    pub(crate) fn header_also(self, name: &'static str, value: String) -> Self {
        let others: Vec<_> = self.headers.iter().filter(|(known, _)| *known == name).cloned().collect();
        let mut request = self.header(name, value);
        request.headers.extend(others);
        request
    }

    /// Extends the limits by the time that the engine itself is told to wait.
    pub(crate) fn extend_timeout(mut self, by: Duration) -> Self {
        self.timeouts = ClientTimeouts::Extended(by);
        self
    }

    /// Gives the engine more time to process many files before it responds.
    pub(crate) fn long_running(self) -> Self {
        self.extend_timeout(Duration::from_secs(8 * 60))
    }

    /// Asks the engine to switch protocols, to a byte stream in both directions.
    pub(crate) fn upgrade(mut self, protocol: impl TryInto<HeaderValue>) -> Self {
        self.upgrades = true;
        self.timeouts = ClientTimeouts::UntilHead;
        self.header(CONNECTION, "Upgrade").header(UPGRADE, protocol)
    }

    /// Removes all limits of the client but `connect`: the response may be silent for any time.
    pub(crate) fn no_timeouts(mut self, off: bool) -> Self {
        match (off, self.timeouts) {
            (true, _) => self.timeouts = ClientTimeouts::Connect,
            (false, ClientTimeouts::Connect) => self.timeouts = ClientTimeouts::All,
            (false, _) => {}
        }
        self
    }

    /// Makes awaiting the request fail with this message, before any I/O.
    pub(crate) fn refuse(mut self, why: impl Into<String>) -> Self {
        self.refused.get_or_insert_with(|| why.into());
        self
    }

    /// Overrides limits for this request.
    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits.or(self.limits);
        self
    }

    /// Counts the `whole` limit from an earlier time: for each request of a call that sends several.
    pub(crate) fn since_begun(mut self, begun: Instant) -> Self {
        self.begun = Some(begun);
        self
    }

    /// Counts the call's own `whole` limit from an earlier time: for the requests of a call that waits for something. The
    /// client's `whole` limit bounds each of them alone.
    pub(crate) fn polling_since(self, begun: Instant) -> Self {
        if self.limits.has_whole() { self.since_begun(begun) } else { self }
    }

    /// Gives the request the limits of the call that it is a part of, counted from the start of that call.
    pub(crate) fn part_of(mut self, call: &Self) -> Self {
        (self.limits, self.begun) = (call.limits, call.begun);
        self
    }

    /// Counts the `whole` limit from now, if it is not counted yet. Reads the clock only if there is one.
    pub(super) fn begin(&mut self) {
        if self.begun.is_none() && self.effective_limits().has_whole() {
            self.begun = Some(Instant::now());
        }
    }

    /// Returns whether the request asks the engine to switch protocols.
    pub(crate) fn is_upgrade(&self) -> bool {
        self.upgrades
    }

    /// Returns the client that sends the request.
    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Returns the name of the call for error messages: `POST /containers/web/start`.
    pub(crate) fn label(&self) -> Label {
        Label::new(self.method.clone(), self.target.path().to_owned())
    }

    /// Returns the path with its placeholders: `/containers/{id}/start`.
    pub(super) fn template(&self) -> &str {
        self.target.template()
    }

    /// Returns when the request may be sent again.
    pub(super) fn retry(&self) -> Retry {
        match (&self.body, &self.method) {
            (Payload::Upload(_), _) => Retry::Never,
            (_, &Method::GET | &Method::HEAD) => Retry::Always,
            _ => Retry::IfUnsent,
        }
    }

    /// Returns the first error that a setter noted, without any I/O.
    pub(crate) fn check(&self) -> Result<()> {
        self.refused.as_ref().map_or(Ok(()), |why| Err(Error::input(why.as_str())))
    }

    /// Fails if the request uses something that the API version lacks.
    pub(super) fn check_gates(&self, version: Version) -> Result<()> {
        let lacks = |gate: &&Gate| gate.since > version || gate.gone.is_some_and(|gone| gone <= version);
        let Some(gate) = self.gates.iter().find(lacks) else { return Ok(()) };
        let message = match gate {
            Gate { gone: Some(gone), what, .. } => {
                format!("{what} was removed in API {gone}, and this engine speaks API {version}")
            }
            Gate { since, what, .. } => {
                format!("{what} requires API {since} or later, and this engine speaks API {version}")
            }
        };
        Err(Error::new(ErrorKind::Version, message))
    }

    fn effective_limits(&self) -> Limits {
        let base = self.client.default_limits();
        let base = match self.timeouts {
            ClientTimeouts::All => base,
            ClientTimeouts::Extended(by) => base.extended(by),
            ClientTimeouts::Connect => base.only_connect(),
            ClientTimeouts::UntilHead => base.until_head(),
        };
        self.limits.or(base)
    }

    /// Returns the deadlines of the request, from now or from when its call started.
    pub(crate) fn deadlines(&self) -> Deadlines {
        Deadlines::starting(self.begun, self.effective_limits())
    }

    /// Returns the limits of the request itself, without those of the client.
    pub(crate) fn own_limits(&self) -> Limits {
        self.limits
    }

    /// Returns the deadlines of negotiation, which apply even if the request itself has none.
    pub(super) fn negotiation_deadlines(&self) -> Deadlines {
        Deadlines::starting(self.begun, self.limits.or(self.client.default_limits()))
    }
}

impl fmt::Debug for Request {
    /// Leaves out the query, headers and body, which must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.label(), f)
    }
}
