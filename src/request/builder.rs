//! [`Request`]: what a call puts together before it is sent.

use super::BoxFuture;
use super::client::Client;
use super::filters::Filters;
use super::label::Label;
use super::response::Response;
use super::target::Target;
use crate::transport::{Deadlines, Retry};
use crate::{Credentials, Error, ErrorKind, Limits, Map, Result, Timestamp, Upload, Version};
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

/// A request that is being put together. The first thing that is wrong with it is what awaiting it fails with.
///
/// It is moved from setter to setter and from future to future, and is one pointer for that.
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
    /// Which credentials are to be looked up for it.
    pub(super) authorization: Option<Authorization>,
    /// When its call has begun, if that was before it.
    pub(super) begun: Option<Instant>,
    limits: Limits,
    timeouts: ClientTimeouts,
    /// Asks for another protocol, so that a response of 101 is one.
    pub(super) upgrades: bool,
    refused: Option<String>,
}

/// Which limits of the client apply to a request that sets none itself.
#[derive(Clone, Copy)]
enum ClientTimeouts {
    All,
    /// The engine may take longer, by what it was itself told to wait.
    Extended(Duration),
    /// Only that of connecting: the response may be silent for any time.
    Connect,
    /// Those until the engine has switched protocols.
    UntilHead,
}

/// What a request carries.
#[derive(Clone)]
pub(super) enum Payload {
    None,
    Json(Bytes),
    /// Of all clones of a request, the one that is sent first takes it.
    Upload(Arc<Mutex<Option<Upload>>>),
}

/// The credentials that a request is to carry.
#[derive(Clone)]
pub(super) struct Authorization {
    pub(super) whose: RegistryAuth,
    /// Looks them up and sends it: by a pointer, so that a program that makes no such call has nothing of how that is done.
    pub(super) send: fn(Request) -> BoxFuture<Response>,
}

/// Which credentials a request carries.
#[derive(Clone)]
pub(super) enum RegistryAuth {
    /// One registry's, by its host.
    One(String),
    /// Those of all registries, and of these in particular.
    All(Map<Credentials>),
}

/// Something that not all supported APIs have.
#[derive(Clone, Copy)]
struct Gate {
    /// It came with this one.
    since: Version,
    /// It went with this one: engines would ignore it without a word.
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
    /// Begins a request of an operation: its path as the API's reference has it, such as `/containers/{id}/stop`, and what
    /// goes in place of each placeholder, checked and escaped. See [`Target`].
    pub(crate) fn request(self: &Arc<Self>, method: Method, template: &'static str, names: &[&str]) -> Request {
        Request::new(self.clone(), method, Target::new(template, names))
    }

    /// Begins a request of any path. Each segment is checked and escaped.
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

    /// Sets a query parameter; the last value holds.
    pub(crate) fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        self.target.set(name, value.to_string());
        self
    }

    /// Takes a query parameter off again.
    pub(crate) fn without_query(mut self, name: &str) -> Self {
        self.target.remove(name);
        self
    }

    /// Adds a query parameter that may be sent several times.
    pub(crate) fn query_also(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        self.target.add(name, value.to_string());
        self
    }

    /// Adds a query parameter that older APIs than `since` lack: with those, awaiting fails.
    pub(crate) fn query_since(self, since: Version, name: &'static str, value: impl Display) -> Self {
        self.since(since, name).query(name, value)
    }

    /// Sets a query parameter that is called otherwise before the API version `since`.
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

    /// Says that the request needs an API of `since` or newer, because of `what`.
    pub(crate) fn since(mut self, since: Version, what: &'static str) -> Self {
        self.gates.push(Gate { since, gone: None, what });
        self
    }

    /// Whether the API version goes before its path.
    pub(crate) fn versioned(mut self, versioned: bool) -> Self {
        self.versioned = versioned;
        self
    }

    /// Sets a filter of the `filters` parameter that takes one value alone; the last one holds.
    pub(crate) fn filter_one(mut self, key: &'static str, value: impl Display) -> Self {
        self.filters.clear(key);
        self.filter(key, value)
    }

    /// Says that the request needs an API older than `gone`, because of `what`.
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

    /// Sets something to a time, if it is one.
    pub(crate) fn time(
        self,
        time: impl TryInto<Timestamp, Error: Display>,
        set: impl FnOnce(Self, Timestamp) -> Self,
    ) -> Self {
        match time.try_into() {
            Ok(time) => set(self, time),
            Err(error) => self.refuse(format!("invalid time: {error}")),
        }
    }

    /// Sets the body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => {
                self.body = Payload::Json(body.into());
                self
            }
            Err(error) => self.refuse(format!("the body cannot be written as JSON: {error}")),
        }
    }

    /// Sets the body to bytes of this type, which are sent as they are produced.
    pub(crate) fn upload(mut self, content_type: &str, upload: impl Into<Upload>) -> Self {
        let upload = upload.into();
        if let Some(why) = upload.problem() {
            return self.refuse(why);
        }
        self.body = Payload::Upload(Arc::new(Mutex::new(Some(upload))));
        self.header(CONTENT_TYPE, content_type)
    }

    /// Whether a query parameter was set, to whatever.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.target.has(name)
    }

    /// Sets a header. Its value is not shown anywhere.
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

    /// Lets the engine take longer, by what it was itself told to wait.
    pub(crate) fn extend_timeout(mut self, by: Duration) -> Self {
        self.timeouts = ClientTimeouts::Extended(by);
        self
    }

    /// Lets the engine work through many files before it responds.
    pub(crate) fn long_running(self) -> Self {
        self.extend_timeout(Duration::from_secs(8 * 60))
    }

    /// Asks the engine to switch protocols: bytes both ways, without HTTP.
    pub(crate) fn upgrade(mut self, protocol: impl TryInto<HeaderValue>) -> Self {
        self.upgrades = true;
        self.timeouts = ClientTimeouts::UntilHead;
        self.header(CONNECTION, "Upgrade").header(UPGRADE, protocol)
    }

    /// Takes the client's limits off, but for connecting: the response may be silent for any time.
    pub(crate) fn no_timeouts(mut self, off: bool) -> Self {
        match (off, self.timeouts) {
            (true, _) => self.timeouts = ClientTimeouts::Connect,
            (false, ClientTimeouts::Connect) => self.timeouts = ClientTimeouts::All,
            (false, _) => {}
        }
        self
    }

    /// Makes awaiting fail with this, before any I/O.
    pub(crate) fn refuse(mut self, why: impl Into<String>) -> Self {
        self.refused.get_or_insert_with(|| why.into());
        self
    }

    /// Overrides limits for this request.
    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits.or(self.limits);
        self
    }

    /// Counts a limit of the whole that was set on the call itself from an earlier time.
    pub(crate) fn since_begun(mut self, begun: Instant) -> Self {
        self.begun = self.limits.has_whole().then_some(begun);
        self
    }

    /// The client that it goes out by.
    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// `POST /containers/web/start`: what errors name it by.
    pub(super) fn label(&self) -> Label {
        Label::new(self.method.clone(), self.target.path().to_owned())
    }

    /// `/containers/{id}/start`: the path without the names in it.
    pub(super) fn template(&self) -> &str {
        self.target.template()
    }

    /// When it may be sent again.
    pub(super) fn retry(&self) -> Retry {
        match (&self.body, &self.method) {
            (Payload::Upload(_), _) => Retry::Never,
            (_, &Method::GET | &Method::HEAD) => Retry::Always,
            _ => Retry::IfUnsent,
        }
    }

    /// What is wrong with it, found without any I/O.
    pub(super) fn check(&self) -> Result<()> {
        self.refused.as_ref().map_or(Ok(()), |why| Err(Error::input(why.as_str())))
    }

    /// What the API version that is spoken lacks of it.
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

    /// When it has to be over: from now, or from when its call has begun.
    pub(super) fn deadlines(&self) -> Deadlines {
        Deadlines::starting(self.begun, self.effective_limits())
    }

    /// The same for negotiating, which is short even where the request itself may take any time.
    pub(super) fn negotiation_deadlines(&self) -> Deadlines {
        Deadlines::starting(self.begun, self.limits.or(self.client.default_limits()))
    }
}

impl fmt::Debug for Request {
    /// Without query, headers and body: they hold what must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.label(), f)
    }
}
