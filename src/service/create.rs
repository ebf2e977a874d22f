//! `POST /services/create`

use super::resolve::resolve;
use super::{Service, ServiceSpec, Services};
use crate::image::ImageReference;
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use crate::{Credentials, Limits, Result};
use serde::Deserialize;
use tokio::time::Instant;

impl Services {
    /// Creates a service. This does not wait for its tasks to start: use [`Service::converge`] for that.
    ///
    /// Like the docker CLI, this first asks the registry for the image's digest: see
    /// [`resolve_image`](Create::resolve_image).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /distribution/nginx:1.27/json",
    /// #      r#"200 {"Descriptor":{"mediaType":"m","digest":"sha256:6af7","size":527},"Platforms":[]}"#),
    /// #     ("POST /services/create", r#"201 {"ID":"cxze","Warnings":null}"#),
    /// # ]);
    /// use longshore::service::ServiceSpec;
    ///
    /// let web = docker.services().create(ServiceSpec::new("web", "nginx:1.27").replicas(3)).await?;
    /// assert_eq!(web.id(), "cxze");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /services/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a service of that name exists.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name, the image or another value is invalid, or if
    /// another service uses the published port. A setter that cannot parse its argument makes the call fail before any
    /// I/O. A [`status`](crate::Error::status) of 500 if a network does not exist,
    /// or if a placement constraint is invalid. [`Error::is_no_swarm_manager`](crate::Error::is_no_swarm_manager) if
    /// the engine is not a swarm manager.
    pub fn create(&self, spec: impl Into<ServiceSpec>) -> Create {
        let (spec, request) = (spec.into(), self.client.request(Method::POST, "/services/create", &[]));
        let request = match spec.check() {
            Ok(()) => request,
            Err(why) => request.refuse(why),
        };
        Create(CreateRequest { request, spec, credentials: None, sends: false, resolves: true })
    }
}

/// A call of [`Services::create`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(CreateRequest);

#[derive(Clone, Debug)]
struct CreateRequest {
    request: Request,
    spec: ServiceSpec,
    credentials: Option<Credentials>,
    /// Whether to send the credentials that the docker CLI would use.
    sends: bool,
    resolves: bool,
}

impl Create {
    /// Sets the credentials with which nodes pull the image. The swarm stores them and never returns them. Default: no
    /// credentials.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(CreateRequest { credentials: Some(credentials.into()), ..self.0 })
    }

    /// Stores the credentials that the docker CLI would pull with in the swarm, so that nodes can pull the image.
    /// Defaults to `false`, like the CLI's option `--with-registry-auth`.
    pub fn registry_auth(self, send: bool) -> Self {
        Self(CreateRequest { sends: send, ..self.0 })
    }

    /// Asks the registry for the digest and the platforms of the image, so that all nodes run the same image. If that
    /// fails, the service is created with a [warning](Service::warnings). Defaults to `true`.
    pub fn resolve_image(self, resolve: bool) -> Self {
        Self(CreateRequest { resolves: resolve, ..self.0 })
    }
}

impl CreateRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }
}

call!(Create => Service, created);

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    #[serde(rename = "ID")]
    id: String,
    #[serde(default, deserialize_with = "null_to_empty")]
    warnings: Vec<String>,
}

async fn created(create: CreateRequest) -> Result<Service> {
    let CreateRequest { request, spec, credentials, sends, resolves } = create;
    request.check().map_err(|error| error.in_call(|| request.label().to_string()))?;
    let (client, request) = (request.client().clone(), request.since_begun(Instant::now()));
    let image = spec.task_template.container_spec.as_ref().map(|container| container.image.clone());
    let (spec, warning) = if resolves { resolve(&request, spec, credentials.as_ref()).await } else { (spec, None) };
    let request = spec.gates().into_iter().fold(request, |request, (since, what)| request.since(since, what));
    let request = match (&credentials, image.and_then(|image| image.parse::<ImageReference>().ok())) {
        (Some(credentials), _) => request.credentials(credentials),
        (None, Some(name)) if sends => request.for_registry(name.registry()),
        _ => request,
    };
    let Created { id, warnings } = json(request.json(&spec)).await?;
    Ok(Service { client, id, warnings: warning.into_iter().chain(warnings).collect() })
}
