//! `GET /events`

use super::event::{ActionKind, Event, EventScope, EventType};
use crate::request::{Method, Request, call, send};
use crate::stream::JsonStream;
use crate::wire::unix_seconds;
use crate::{Docker, Limits, Result, Timestamp};
use std::fmt::Display;

impl Docker {
    /// Follows what happens in the engine, from now on if no time is set.
    ///
    /// Read eagerly: an engine leaves out, without a word, what a listener does not take soon; and it remembers no more than
    /// its last 256 events. [`reconnecting`](Events::reconnecting) goes on where the connection breaks.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /events?filters={"event":{"die":true},"type":{"container":true}}"#,
    /// #      r#"200 {"Type":"container","Action":"die","Actor":{"ID":"3613","Attributes":{"name":"job","exitCode":"0"}}}"#),
    /// # ]);
    /// use longshore::system::{ActionKind, EventType};
    ///
    /// let mut events = docker.events().kind(EventType::Container).action(ActionKind::Die).await?;
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     println!("{:?} {:?}", event.actor.attributes.get("name"), event.actor.attributes.get("exitCode"));
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /events`
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid): it would end before it begins.
    pub fn events(&self) -> Events {
        let request = self.client().request(Method::GET, "/events", &[]).no_timeouts(true);
        // All of them are read; of others engines would choose by rules that changed twice.
        let request =
            request.header("accept", "application/jsonl, application/x-ndjson;q=0.9, application/json-seq;q=0.5");
        Events(EventsRequest { request, until: None })
    }
}

/// A call of [`Docker::events`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Events(pub(super) EventsRequest);

impl Events {
    /// Begins with what the engine remembers of this time and later; by default with what happens from now on.
    pub fn since(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        self.map(|request| request.time(time, |request, time| request.query("since", unix_seconds(time))))
    }

    /// Ends at this time; by default never.
    pub fn until(self, time: impl TryInto<Timestamp, Error: Display>) -> Self {
        let EventsRequest { request, mut until } = self.0;
        let request = request.time(time, |request, time| {
            until = Some(time);
            request.query("until", unix_seconds(time))
        });
        Self(EventsRequest { request, until })
    }

    /// Only what happens to things of this kind. Of several, one must match.
    pub fn kind(self, kind: impl Into<EventType>) -> Self {
        self.map(|request| request.filter("type", kind.into()))
    }

    /// Only this action. Of several, one must match.
    pub fn action(self, action: impl Into<ActionKind>) -> Self {
        self.map(|request| request.filter("event", action.into()))
    }

    /// Only what concerns this engine, or its swarm.
    pub fn scope(self, scope: impl Into<EventScope>) -> Self {
        self.map(|request| request.filter("scope", scope.into()))
    }

    /// Only what happens to a container, by name or id.
    pub fn container(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("container", name_or_id.as_ref()))
    }

    /// Only what happens to an image, by name or id, or to containers of it.
    pub fn image(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("image", name_or_id.as_ref()))
    }

    /// Only what happens to a network, by name or id.
    pub fn network(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("network", name_or_id.as_ref()))
    }

    /// Only what happens to a volume.
    pub fn volume(self, name: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("volume", name.as_ref()))
    }

    /// Only what happens to images and containers with a label: `key` or `key=value`. Of several, all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("label", label.as_ref()))
    }

    /// Only what happens to the engine itself, by name or id.
    pub fn daemon(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("daemon", name_or_id.as_ref()))
    }

    /// Only what happens to a plugin, by name or id.
    pub fn plugin(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("plugin", name_or_id.as_ref()))
    }

    /// Only what happens to a config of the swarm, by name or id.
    pub fn config(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("config", name_or_id.as_ref()))
    }

    /// Only what happens to a node of the swarm, by id.
    pub fn node(self, id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("node", id.as_ref()))
    }

    /// Only what happens to a secret of the swarm, by name or id.
    pub fn secret(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("secret", name_or_id.as_ref()))
    }

    /// Only what happens to a service of the swarm, by name or id.
    pub fn service(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("service", name_or_id.as_ref()))
    }

    fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self(EventsRequest { request: set(self.0.request), ..self.0 })
    }
}

/// What a call of [`Docker::events`] is made of.
#[derive(Clone, Debug)]
pub(super) struct EventsRequest {
    request: Request,
    /// When the stream is to end.
    pub(super) until: Option<Timestamp>,
}

impl EventsRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

call!(Events => JsonStream<Event>, opened);

async fn opened(EventsRequest { request, .. }: EventsRequest) -> Result<JsonStream<Event>> {
    send(request).await.map(|answer| JsonStream::new(answer.into_stream()))
}
