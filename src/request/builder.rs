//! [`Request`]: what a call puts together before it is sent.

use super::BoxFuture;
use super::answer::Answer;
use super::client::Client;
use super::filters::Filters;
use super::label::Label;
use super::target::Target;
use crate::http::{Method, is_field_name, is_field_value};
use crate::transport::{Deadlines, Repeat};
use crate::{Credentials, Error, ErrorKind, Limits, Map, Result, Upload, Version};
use bytes::Bytes;
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
pub(crate) struct Request(Box<Parts>);

#[derive(Clone)]
pub(crate) struct Parts {
    pub(super) client: Arc<Client>,
    pub(super) method: Method,
    pub(super) target: Target,
    pub(super) versioned: bool,
    pub(super) filters: Filters,
    gates: Vec<Gate>,
    /// By their names in small letters.
    pub(super) headers: Vec<(Cow<'static, str>, String)>,
    pub(super) body: Payload,
    /// Whose credentials are to be looked up for it.
    pub(super) authorization: Option<Authorization>,
    /// When its call has begun, if that was before it.
    pub(super) begun: Option<Instant>,
    limits: Limits,
    /// The limits of the client do not hold, but for connecting: the answer may be silent for any time.
    unlimited: bool,
    extended: Duration,
    refused: Option<String>,
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
    pub(super) whose: Whose,
    /// Looks them up and sends it: by a pointer, so that a program that makes no such call has nothing of how that is done.
    pub(super) send: fn(Request) -> BoxFuture<Answer>,
}

/// Whose credentials a request carries.
#[derive(Clone)]
pub(super) enum Whose {
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
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Request {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl Client {
    /// Begins a request. Each segment of the path is checked and escaped; see [`Target`].
    pub(crate) fn request(self: &Arc<Self>, method: Method, path: &[&str]) -> Request {
        let (target, refused) = Target::new(path);
        Request(Box::new(Parts {
            client: self.clone(),
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
            unlimited: false,
            extended: Duration::ZERO,
            refused,
        }))
    }

    /// Begins a request outside of any API version: `/_ping`, before one is agreed upon.
    pub(crate) fn request_unversioned(self: &Arc<Self>, method: Method, path: &[&str]) -> Request {
        self.request(method, path).unversioned()
    }
}

impl Request {
    /// Sets a query parameter; the last value holds.
    pub(crate) fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        self.target.set(name, value.to_string());
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

    /// Says that the request needs an API of `since` or newer, because of `what`.
    pub(crate) fn since(mut self, since: Version, what: &'static str) -> Self {
        self.gates.push(Gate { since, gone: None, what });
        self
    }

    /// Takes it out of any API version.
    pub(crate) fn unversioned(mut self) -> Self {
        self.versioned = false;
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
        self.header("content-type", content_type.to_owned())
    }

    /// Whether a query parameter was set to this.
    pub(crate) fn is_query(&self, name: &str, value: &str) -> bool {
        self.query_value(name) == Some(value)
    }

    /// What a query parameter was set to.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        self.target.value(name)
    }

    /// Whether a query parameter was set, to whatever.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.target.has(name)
    }

    /// Takes a query parameter off.
    pub(crate) fn without_query(mut self, name: &str) -> Self {
        self.target.take_off(name);
        self
    }

    /// Begins a GET of another operation of the same thing: `…/{id}/json` beside `…/{id}/logs`.
    pub(crate) fn sibling(&self, operation: &str) -> Self {
        let mut sibling = self.client.request(Method::Get, &[]);
        sibling.target = self.target.sibling(operation);
        sibling.limits = self.limits;
        sibling
    }

    /// Sets a header, by its name in small letters. Its value is not shown anywhere.
    pub(crate) fn header(mut self, name: impl Into<Cow<'static, str>>, value: String) -> Self {
        let name = name.into();
        if !is_field_name(&name) {
            return self.refuse(format!("{name:?} is not the name of a header"));
        }
        if !is_field_value(&value) {
            return self.refuse(format!("the value of the header {name} has characters that no header may have"));
        }
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// Lets the engine take longer, by what it was itself told to wait.
    pub(crate) fn extend(mut self, by: Duration) -> Self {
        self.extended = by;
        self
    }

    /// Lets the engine work through many files before it answers.
    pub(crate) fn slow(self) -> Self {
        self.extend(Duration::from_secs(8 * 60))
    }

    /// Asks the engine to switch protocols: bytes both ways, with no HTTP around them.
    pub(crate) fn upgrade(self) -> Self {
        self.header("connection", "Upgrade".to_owned()).header("upgrade", "tcp".to_owned())
    }

    /// Takes the client's limits off, but for connecting: the answer may be silent for any time.
    pub(crate) fn unlimited(mut self, yes: bool) -> Self {
        self.unlimited = yes;
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

    /// The client that it goes out by.
    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// `POST /containers/web/start`: what errors name it by.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method, self.target.path())
    }

    /// What errors of its answer name it by: the same, made only if there is one.
    pub(super) fn into_label(self) -> Label {
        let Parts { method, target, .. } = *self.0;
        Label::new(method, target.into_path())
    }

    /// `/containers/{id}/start`: the path without the names in it.
    pub(super) fn template(&self) -> String {
        self.target.template()
    }

    /// When it may be sent a second time.
    pub(super) fn repeat(&self) -> Repeat {
        match (&self.body, &self.method) {
            (Payload::Upload(_), _) => Repeat::Never,
            (_, &Method::Get | &Method::Head) => Repeat::Always,
            _ => Repeat::Unsent,
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
        let spoken = format!("API {version} is spoken with this engine");
        let message = match gate {
            Gate { gone: Some(gone), what, .. } => format!("{what} is gone from API {gone} on, and {spoken}"),
            Gate { since, what, .. } => format!("{what} needs API {since} or newer, and {spoken}"),
        };
        Err(Error::new(ErrorKind::Version, message))
    }

    pub(super) fn effective_limits(&self) -> Limits {
        let base = self.client.default_limits();
        let base = if self.unlimited { base.only_connect() } else { base.extended(self.extended) };
        self.limits.or(base)
    }

    /// When it has to be over: from now, or from when its call has begun.
    pub(super) fn deadlines(&self) -> Deadlines {
        Deadlines::starting(self.begun, self.effective_limits())
    }

    /// The limits of what goes before it, which is short even where the request itself may take any time.
    pub(super) fn short_limits(&self) -> Limits {
        self.limits.or(self.client.default_limits())
    }
}

impl fmt::Debug for Request {
    /// Without query, headers and body: they hold what must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}
