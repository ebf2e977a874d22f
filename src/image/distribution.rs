//! `GET /distribution/{name}/json`

use super::{Image, ImageReference};
use crate::Credentials;
use crate::request::{Method, Request, call, json};
use crate::wire::{OciDescriptor, Platform, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

impl Image {
    /// Looks up the name in its registry without pulling: returns its digest and the platforms of the image.
    ///
    /// The engine asks the registry. A name without a tag means `:latest`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /distribution/nginx:1.27/json",
    /// #      r#"200 {"Descriptor":{"digest":"sha256:6af79ae5"},"Platforms":[{"architecture":"amd64","os":"linux"}]}"#),
    /// # ]);
    /// let remote = docker.image("nginx:1.27").distribution().await?;
    /// assert_eq!(remote.descriptor.digest, "sha256:6af79ae5");
    /// assert_eq!(remote.platforms[0].architecture, "amd64");
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /distribution/{name}/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the registry has no such image.
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) if the credentials are wrong.
    /// A [`status`](crate::Error::status) of 401, 403 or 500, depending on the engine, if the registry cannot be
    /// reached or requires credentials.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name is not an image name, such as an image ID.
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
    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use, see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }
}

call!(Distribution => DistributionInspect, json);

/// The content that an image name refers to in its registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DistributionInspect {
    /// The descriptor of the manifest, or of the index of several manifests.
    #[serde(deserialize_with = "null_to_default")]
    pub descriptor: OciDescriptor,
    /// The platforms that the image supports.
    #[serde(deserialize_with = "null_to_empty")]
    pub platforms: Vec<Platform>,
}
