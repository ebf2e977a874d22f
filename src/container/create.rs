//! `POST /containers/create`

use super::{Container, ContainerSpec, Containers, name};
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use crate::{Error, Platform, Result};
use serde::Deserialize;
use std::fmt::Display;

impl Containers {
    /// Creates a container from a [`ContainerSpec`], or from an image's name alone. Does not start it.
    ///
    /// Engines do not pull a missing image here: pull it first. [`Container::warnings`] holds the engine's warnings.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /containers/create?name=web", r#"201 {"Id":"e90e34656806","Warnings":[]}"#),
    /// #     ("POST /containers/e90e34656806/start", "204"),
    /// # ]);
    /// use longshore::container::ContainerSpec;
    ///
    /// let spec = ContainerSpec::new("nginx:1.27").publish(8080, 80).env("MODE", "prod");
    /// let web = docker.containers().create(spec).name("web").await?;
    /// for warning in web.warnings() {
    ///     eprintln!("{warning}");
    /// }
    /// web.start().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/create`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist, or not for the platform: pull
    /// it.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if another container has the name.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if no image is named, or a setting is invalid.
    /// [`Error::is_version`](crate::Error::is_version) if the spec sets a field that the engine's API version does not
    /// have.
    pub fn create(&self, spec: impl Into<ContainerSpec>) -> Create {
        let spec = spec.into();
        let mut request = self.client.request(Method::POST, "/containers/create", &[]).json(&spec);
        for (since, what) in spec.gates() {
            request = request.since(since, what);
        }
        for (gone, what) in spec.gone() {
            request = request.until(gone, what);
        }
        Create(match spec.check() {
            Ok(()) => request,
            Err(why) => request.refuse(why),
        })
    }
}

/// A call of [`Containers::create`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(Request);

impl Create {
    /// Sets the container's name. Defaults to a name that the engine makes up.
    pub fn name(self, name: impl Into<String>) -> Self {
        let name = name::plain(name.into());
        Self(match name::check(&name) {
            Ok(()) => self.0.query("name", name),
            Err(why) => self.0.refuse(why),
        })
    }

    /// Sets the image's platform as `os[/arch[/variant]]`, such as `linux/arm64`. Defaults to the engine's own
    /// platform, or to any platform that the image is present for.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(match platform.try_into() {
            Ok(platform) => self.0.query("platform", platform),
            Err(why) => self.0.refuse(why.to_string()),
        })
    }
}

call!(Create => Container, created);

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    id: String,
    #[serde(default, deserialize_with = "null_to_empty")]
    warnings: Vec<String>,
}

async fn created(request: Request) -> Result<Container> {
    let client = request.client().clone();
    let Created { id, warnings } = json(request).await.map_err(advise)?;
    Ok(Container { client, id, warnings })
}

/// Adds what to do about a missing image. All engines call it so; Podman begins with a small letter.
fn advise(error: Error) -> Error {
    let has_no_image = error.is_not_found() && error.message().to_ascii_lowercase().contains("no such image");
    if has_no_image { error.with_hint("pull it first: `docker.images().pull(…)`") } else { error }
}
