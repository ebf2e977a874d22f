//! `POST /services/{id}/update`

use super::resolve::resolve;
use super::{Service, ServiceSpec};
use crate::image::ImageReference;
use crate::request::{Method, SpecUpdate, call};
use crate::wire::{null_to_empty, open_enum};
use crate::{Credentials, Error, Limits, Result};
use serde::{Deserialize, Serialize};

impl Service {
    /// Updates the service: reads its specification, applies `change`, and sends it back. Settings unknown to this
    /// crate are preserved.
    ///
    /// The swarm then replaces the tasks, as set by [`update_config`](ServiceSpec::update_config). Use
    /// [`converge`](Self::converge) to wait for that. Like the docker CLI, this resolves a changed image to its digest.
    /// Each update of a job runs it again.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /services/web", r#"200 {"ID":"cxze","Version":{"Index":27},"Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}}}}"#),
    /// #     (r#"POST /services/web/update?version=27 {"Mode":{"Replicated":{"Replicas":5}},"Name":"web"}"#, r#"200 {"Warnings":null}"#),
    /// # ]);
    /// docker.service("web").update(|spec| spec.replicas(5)).attempts(5).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /services/{id}/update`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the service does not exist.
    /// [`Error::is_out_of_sequence`](crate::Error::is_out_of_sequence) if the service was changed concurrently; see
    /// [`attempts`](Update::attempts). [`Error::is_invalid`](crate::Error::is_invalid) if a setter cannot parse its
    /// argument: nothing is sent then. A [`status`](crate::Error::status) of 501 if the name or mode has changed, which
    /// no engine supports. [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if the engine is not a
    /// swarm manager.
    pub fn update(&self, change: impl Fn(ServiceSpec) -> ServiceSpec + Send + Sync + 'static) -> Update {
        let (inspect, update) =
            (self.request(Method::GET, "/services/{id}"), self.request(Method::POST, "/services/{id}/update"));
        Update(UpdateRequest {
            update: SpecUpdate::new(inspect, update, change),
            credentials: None,
            sends: false,
            resolves: true,
            rolls_back: false,
        })
    }

    /// Rolls the service back to its specification before the last update.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /services/web", r#"200 {"ID":"cxze","Version":{"Index":27},"Spec":{"Name":"web"}}"#),
    /// #     ("POST /services/web/update?rollback=previous&version=27", r#"200 {"Warnings":null}"#),
    /// # ]);
    /// docker.service("web").rollback().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /services/{id}/update`
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the service has no previous specification. Otherwise those of
    /// [`update`](Self::update).
    pub fn rollback(&self) -> Update {
        let Update(update) = self.update(|spec| spec);
        let with_rollback = update.update.map(|request| request.query("rollback", "previous"));
        Update(UpdateRequest { update: with_rollback, resolves: false, rolls_back: true, ..update })
    }
}

open_enum! {
    /// The source of the credentials for an update that sets none.
    pub enum RegistryAuthFrom {
        /// The credentials of the current specification.
        Spec = "spec",
        /// The credentials of the previous specification.
        PreviousSpec = "previous-spec",
    }
}

/// A call of [`Service::update`] or [`Service::rollback`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(UpdateRequest);

#[derive(Clone, Debug)]
struct UpdateRequest {
    update: SpecUpdate<ServiceSpec>,
    credentials: Option<Credentials>,
    /// Whether to send the credentials that the docker CLI would use.
    sends: bool,
    resolves: bool,
    rolls_back: bool,
}

impl Update {
    /// Sets the number of attempts. Each attempt reads the service anew and applies the change, in case of a concurrent
    /// change. Defaults to 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self(UpdateRequest { update: self.0.update.attempts(attempts), ..self.0 })
    }

    /// Sets the credentials with which nodes pull the image. The swarm stores them and never returns them. Defaults to
    /// those of the service.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(UpdateRequest { credentials: Some(credentials.into()), ..self.0 })
    }

    /// Stores the credentials that the docker CLI would pull with in the swarm, in place of those of the service. Keeps
    /// those of the service if there are none. Defaults to `false`, like the CLI's option `--with-registry-auth`.
    pub fn registry_auth(self, send: bool) -> Self {
        Self(UpdateRequest { sends: send, ..self.0 })
    }

    /// Sets the source of the credentials if none are sent. Defaults to [`RegistryAuthFrom::Spec`].
    pub fn registry_auth_from(self, from: impl Into<RegistryAuthFrom>) -> Self {
        let from = from.into();
        Self(UpdateRequest { update: self.0.update.map(|request| request.query("registryAuthFrom", from)), ..self.0 })
    }

    /// Asks the registry for the digest of a changed image. If that fails, the update is sent with a
    /// [warning](UpdateResult::warnings). Defaults to `true`.
    pub fn resolve_image(self, resolve: bool) -> Self {
        Self(UpdateRequest { resolves: resolve && !self.0.rolls_back, ..self.0 })
    }
}

impl UpdateRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { update: self.update.limits(limits), ..self }
    }
}

call!(Update => UpdateResult, updated);

/// The result of an update, with its warnings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateResult {
    #[serde(deserialize_with = "null_to_empty")]
    warnings: Vec<String>,
}

impl UpdateResult {
    /// Returns the warnings, from the engine or because the image could not be resolved to a digest.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

async fn updated(update: UpdateRequest) -> Result<UpdateResult> {
    let UpdateRequest { update, credentials, sends, resolves, .. } = update;
    let mut update = update.begin();
    let image =
        |spec: &ServiceSpec| spec.task_template.container_spec.as_ref().map(|container| container.image.clone());
    loop {
        let mut draft = update.draft().await?;
        if let Err(why) = draft.after.check() {
            return Err(Error::input(why).in_call(|| update.update.label().to_string()));
        }
        let known = draft.before.gates();
        let new = draft.after.gates().into_iter().filter(|gate| !known.contains(gate));
        let mut request = new.fold(update.update.clone(), |request, (since, what)| request.since(since, what));
        let name = image(&draft.after).and_then(|image| image.parse::<ImageReference>().ok());
        request = match (&credentials, name) {
            (Some(credentials), _) => request.credentials(credentials),
            (None, Some(name)) if sends => request.for_registry(name.registry()),
            _ => request,
        };
        let mut warning = None;
        if resolves && image(&draft.before) != image(&draft.after) {
            (draft.after, warning) = resolve(&update.update, draft.after, credentials.as_ref()).await;
        }
        if let Some(response) = update.submit(request, draft).await? {
            let mut result: UpdateResult = response.json().await?;
            result.warnings.extend(warning);
            return Ok(result);
        }
    }
}
