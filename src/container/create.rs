//! `POST /containers/create`

use super::{Container, ContainerSpec, Containers, name};
use crate::request::{Method, Request, call, json};
use crate::wire::null_to_empty;
use crate::{Platform, Result};
use serde::Deserialize;
use std::fmt::Display;

impl Containers {
    /// Makes a container of a [`ContainerSpec`], or of an image's name alone, without starting it.
    ///
    /// The image has to be there: engines do not pull it. What the engine had to remark is in [`Container::warnings`].
    ///
    /// `POST /containers/create`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such image, or not for the platform: pull it.
    /// [`Error::is_conflict`](crate::Error::is_conflict): another container has the name.
    /// [`Error::is_invalid`](crate::Error::is_invalid): no image is named, or a setting cannot be.
    /// [`Error::is_version`](crate::Error::is_version): something was set that the engine's API does not know.
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
    /// The container's name; the engine makes one up if not set.
    pub fn name(self, name: impl Into<String>) -> Self {
        let name = name::plain(name.into());
        Self(match name::check(&name) {
            Ok(()) => self.0.query("name", name),
            Err(why) => self.0.refuse(why),
        })
    }

    /// Which platform's image to take, as `os[/arch[/variant]]`: `linux/arm64`; the engine's own, or any that is there, if
    /// not set.
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
    let Created { id, warnings } = json(request).await?;
    Ok(Container { client, id, warnings })
}
