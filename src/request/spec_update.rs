//! [`SpecUpdate`]: changes an object of a swarm by replacing its whole specification.

use super::builder::Request;
use super::decode::decode;
use super::response::Response;
use super::send::{send, whole};
use crate::wire::with_changes;
use crate::{Error, Limits, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use std::fmt;
use std::sync::Arc;
use tokio::time::Instant;

/// Changes a specification. Called again if another client has changed the object meanwhile.
type Change<S> = Arc<dyn Fn(S) -> S + Send + Sync>;

/// Reads an object, changes its specification and sends it back, including fields that this crate does not know.
pub(crate) struct SpecUpdate<S> {
    pub(crate) inspect: Request,
    pub(crate) update: Request,
    change: Change<S>,
    attempts: u32,
}

impl<S: DeserializeOwned + Serialize> SpecUpdate<S> {
    pub(crate) fn new(inspect: Request, update: Request, change: impl Fn(S) -> S + Send + Sync + 'static) -> Self {
        Self { inspect, update, change: Arc::new(change), attempts: 1 }
    }

    pub(crate) fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), ..self }
    }

    pub(crate) fn limits(self, limits: Limits) -> Self {
        Self { inspect: self.inspect.limits(limits), update: self.update.limits(limits), ..self }
    }

    /// Refines the request that sends the specification back.
    pub(crate) fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self { update: set(self.update), ..self }
    }

    /// Starts the call: its `whole` limit bounds all of its requests together.
    pub(crate) fn begin(self) -> Self {
        let begun = Instant::now();
        Self { inspect: self.inspect.since_begun(begun), update: self.update.since_begun(begun), ..self }
    }

    /// Reads the current specification and changes it.
    pub(crate) async fn draft(&self) -> Result<Draft<S>> {
        let (bytes, label) = whole(self.inspect.clone()).await?;
        let read = || {
            let document: Object<Value> = decode(&bytes)?;
            let (before, after): (Object<S>, Object<S>) = (decode(&bytes)?, decode(&bytes)?);
            let after = (self.change)(after.spec);
            Ok(Draft { before: before.spec, after, document: document.spec, version: document.version.index })
        };
        read().map_err(|error: Error| error.in_call(|| label.to_string()))
    }

    /// Sends the specification with this request. Returns `None` to retry, if another client has changed the object
    /// meanwhile.
    pub(crate) async fn submit(&mut self, request: Request, draft: Draft<S>) -> Result<Option<Response>> {
        let Draft { before, after, document, version } = draft;
        let value = |spec: &S| to_value(spec).map_err(|error| self.unwritable(&error));
        let body = with_changes(document, &value(&before)?, &value(&after)?);
        match send(request.query("version", version).json(&body)).await {
            Err(error) if error.is_out_of_sequence() && self.attempts > 1 => {
                self.attempts -= 1;
                Ok(None)
            }
            Err(error) if error.is_out_of_sequence() => {
                Err(error.with_hint("another client changed it at the same time: try again, or set `attempts`"))
            }
            done => done.map(Some),
        }
    }

    fn unwritable(&self, error: &serde_json::Error) -> Error {
        let message = format!("the specification cannot be written as JSON: {error}");
        Error::input(message).in_call(|| self.update.label().to_string())
    }
}

/// An object of a swarm, with its specification.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Object<S> {
    #[serde(default)]
    version: ObjectVersion,
    spec: S,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ObjectVersion {
    index: u64,
}

/// A specification as it was read, and as changed.
pub(crate) struct Draft<S> {
    pub(crate) before: S,
    pub(crate) after: S,
    document: Value,
    version: u64,
}

impl<S> Clone for SpecUpdate<S> {
    fn clone(&self) -> Self {
        let Self { inspect, update, change, attempts } = self;
        Self { inspect: inspect.clone(), update: update.clone(), change: change.clone(), attempts: *attempts }
    }
}

impl<S> fmt::Debug for SpecUpdate<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpecUpdate")
            .field("update", &self.update)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Runs the update, for a response without a relevant body.
pub(crate) async fn respecified<S: DeserializeOwned + Serialize>(update: SpecUpdate<S>) -> Result<()> {
    let mut update = update.begin();
    loop {
        let draft = update.draft().await?;
        if let Some(response) = update.submit(update.update.clone(), draft).await? {
            return response.finish().await;
        }
    }
}
