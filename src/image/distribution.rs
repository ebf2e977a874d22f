//! `GET /distribution/{name}/json`

use super::{Image, ImageReference};
use crate::Credentials;
use crate::request::{Method, Request, call, json};
use crate::wire::{OciDescriptor, Platform, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

impl Image {
    /// Asks the registry, by way of the engine, what the name stands for there, without pulling it: its digest, and what
    /// it runs on. A name without a tag is `:latest`.
    ///
    /// `GET /distribution/{name}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the registry has no such image.
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized): the credentials are wrong. A
    /// [`status`](crate::Error::status) of 401, 403 or 500, as the engine has it: the registry cannot be reached, or wants
    /// credentials. [`Error::is_invalid`](crate::Error::is_invalid): it is no name, but an id.
    pub fn distribution(&self) -> Distribution {
        Distribution(match self.name.parse::<ImageReference>() {
            Ok(name) => {
                let request = self.client.request(Method::GET, "/distribution/{name}/json", &[&self.name]);
                request.for_registry(name.registry())
            }
            Err(why) => self.client.request(Method::GET, "/distribution", &[]).refuse(why.to_string()),
        })
    }
}

/// A call of [`Image::distribution`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Distribution(Request);

impl Distribution {
    /// Who asks; whom the docker CLI would take, if not set: see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }
}

call!(Distribution => DistributionInspect, json);

/// What a name stands for on its registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DistributionInspect {
    /// The manifest, or the index of several.
    #[serde(deserialize_with = "null_to_default")]
    pub descriptor: OciDescriptor,
    /// What it runs on.
    #[serde(deserialize_with = "null_to_empty")]
    pub platforms: Vec<Platform>,
}
