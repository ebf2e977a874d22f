//! `GET /events`

use super::event::{ActionKind, Event, EventScope, EventType};
use crate::request::{Method, Request, call, send};
use crate::stream::JsonStream;
use crate::wire::unix_seconds;
use crate::{Docker, Error, Limits, Moment, Result, Timestamp};
use std::fmt::Display;
use std::time::Duration;
use tokio::time::{Instant, sleep};

impl Docker {
    /// Streams the engine's events. Defaults to events from now on.
    ///
    /// Read the stream without delay: the engine silently drops events for a listener that falls behind. The engine
    /// remembers only its last 256 events. [`reconnecting`](Events::reconnecting) resumes the stream when the
    /// connection closes.
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
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the stream would end before it begins.
    pub fn events(&self) -> Events {
        let request = self.client().request(Method::GET, "/events", &[]).no_timeouts(true);
        // Accepts all formats: without this header, the default depends on the engine's version.
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
    /// Begins with the remembered events of this time and later, such as `"10m"` for ten minutes ago or a
    /// [`Timestamp`]: see [`Moment`]. Defaults to the time of the call.
    pub fn since(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        self.map(|request| request.time(time, |request, time| request.query("since", unix_seconds(time))))
    }

    /// Ends the stream at this time, given as for [`since`](Self::since). Default: the stream does not end.
    pub fn until(self, time: impl TryInto<Moment, Error: Display>) -> Self {
        let EventsRequest { request, mut until } = self.0;
        let request = request.time(time, |request, time| {
            until = Some(time);
            request.query("until", unix_seconds(time))
        });
        Self(EventsRequest { request, until })
    }

    /// Filters by kind of object. If called more than once, any of them may match.
    pub fn kind(self, kind: impl Into<EventType>) -> Self {
        self.map(|request| request.filter("type", kind.into()))
    }

    /// Filters by action. If called more than once, any of them may match.
    pub fn action(self, action: impl Into<ActionKind>) -> Self {
        self.map(|request| request.filter("event", action.into()))
    }

    /// Filters by scope: this engine or its swarm.
    pub fn scope(self, scope: impl Into<EventScope>) -> Self {
        self.map(|request| request.filter("scope", scope.into()))
    }

    /// Filters by container, given by name or ID.
    pub fn container(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("container", name_or_id.as_ref()))
    }

    /// Filters by image, given by name or ID. Includes events of the image's containers.
    pub fn image(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("image", name_or_id.as_ref()))
    }

    /// Filters by network, given by name or ID.
    pub fn network(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("network", name_or_id.as_ref()))
    }

    /// Filters by volume, given by name.
    pub fn volume(self, name: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("volume", name.as_ref()))
    }

    /// Filters by label of an image or container, given as `key` or `key=value`. If called more than once, every label
    /// must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("label", label.as_ref()))
    }

    /// Filters by engine, given by name or ID, for events of the engine itself.
    pub fn daemon(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("daemon", name_or_id.as_ref()))
    }

    /// Filters by plugin, given by name or ID.
    pub fn plugin(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("plugin", name_or_id.as_ref()))
    }

    /// Filters by config of the swarm, given by name or ID.
    pub fn config(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("config", name_or_id.as_ref()))
    }

    /// Filters by node of the swarm, given by ID.
    pub fn node(self, id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("node", id.as_ref()))
    }

    /// Filters by secret of the swarm, given by name or ID.
    pub fn secret(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("secret", name_or_id.as_ref()))
    }

    /// Filters by service of the swarm, given by name or ID.
    pub fn service(self, name_or_id: impl AsRef<str>) -> Self {
        self.map(|request| request.filter("service", name_or_id.as_ref()))
    }

    /// Counts the call's own `whole` limit from now, for all connections together.
    pub(super) fn begun(self) -> Self {
        self.map(|request| request.polling_since(Instant::now()))
    }

    fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self(EventsRequest { request: set(self.0.request), ..self.0 })
    }
}

/// The parts of a call of [`Docker::events`].
#[derive(Clone, Debug)]
pub(super) struct EventsRequest {
    request: Request,
    /// The end of the stream, needed to tell it from a lost connection.
    pub(super) until: Option<Timestamp>,
}

impl EventsRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    /// Returns whether the events begin at a given time, so that a new connection misses none.
    pub(super) fn has_since(&self) -> bool {
        self.request.has_query("since")
    }

    /// Returns whether the `whole` limit is reached.
    pub(super) fn is_overdue(&self) -> bool {
        self.request.deadlines().overdue().is_some()
    }

    /// Waits before the next connection, within the `whole` limit.
    pub(super) async fn pause(&self, pause: Duration) -> Result<()> {
        let pause = async {
            sleep(pause).await;
            Ok(())
        };
        let paused = self.request.deadlines().preparing("waiting to reconnect", pause).await;
        paused.map_err(|error| self.failure(error))
    }

    /// Adds the name of the call to an error.
    pub(super) fn failure(&self, error: Error) -> Error {
        error.in_call(|| self.request.label().to_string())
    }
}

call!(Events => JsonStream<Event>, opened);

async fn opened(EventsRequest { request, .. }: EventsRequest) -> Result<JsonStream<Event>> {
    send(request).await.map(|answer| JsonStream::new(answer.into_stream()))
}
