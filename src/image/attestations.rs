//! `GET /images/{name}/attestations`

use super::{Image, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, list};
use crate::wire::{OciDescriptor, null_to_default};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Display;

impl Image {
    /// Lists what is attested of the image: how it was built, what is in it. Nothing may be. Since API 1.55.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /images/nginx:1.27/attestations?type=https://spdx.dev/Document&statement=true",
    /// #      r#"200 [{"PredicateType":"https://spdx.dev/Document","Statement":{"predicate":{"spdxVersion":"SPDX-2.3"}}}]"#),
    /// # ]);
    /// let spdx = "https://spdx.dev/Document";
    /// for attested in docker.image("nginx:1.27").attestations().predicate_type(spdx).statement(true).await? {
    ///     assert_eq!(attested.predicate_type, spdx);
    ///     println!("{:?}", attested.statement);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/{name}/attestations`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): the image is not there, or not for the platform. A
    /// [`status`](crate::Error::status) of 501: the engine's image store does not keep attestations; the containerd image
    /// store does. [`Error::is_version`](crate::Error::is_version): the engine is older than 29.6.
    pub fn attestations(&self) -> Attestations {
        Attestations(
            self.request(Method::GET, "/images/{name}/attestations").since(Version::V1_55, "listing attestations"),
        )
    }
}

/// A call of [`Image::attestations`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Attestations(Request);

impl Attestations {
    /// Which variant of the image they are about: `linux/arm64`, or a [`Platform`]; the engine's own if not set.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::one(self.0, Version::V1_55, platform))
    }

    /// Only those with such a predicate: `https://slsa.dev/provenance/v0.2`. Of several one must match.
    pub fn predicate_type(self, uri: impl AsRef<str>) -> Self {
        Self(self.0.query_also("type", uri.as_ref()))
    }

    /// Gives each [statement](AttestationStatement::statement) in full; by default not.
    pub fn statement(self, statement: bool) -> Self {
        Self(self.0.query("statement", statement))
    }
}

call!(Attestations => Vec<AttestationStatement>, list);

/// A statement that is attached to an image, in the in-toto format.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AttestationStatement {
    /// The layer that it is in.
    #[serde(deserialize_with = "null_to_default")]
    pub descriptor: OciDescriptor,
    /// What kind of statement it is, as a URI: `https://slsa.dev/provenance/v0.2`.
    #[serde(deserialize_with = "null_to_default")]
    pub predicate_type: String,
    /// The statement itself, if [`Attestations::statement`] asked for it.
    pub statement: Option<Value>,
}
