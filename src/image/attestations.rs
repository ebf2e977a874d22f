//! `GET /images/{name}/attestations`

use super::{Image, Platform, platform};
use crate::Version;
use crate::request::{Method, Request, call, list};
use crate::wire::{OciDescriptor, null_to_default};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Display;

impl Image {
    /// Lists the attestations of the image, such as its provenance or SBOM. The list may be empty. Requires API 1.55 or later.
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
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the image does not exist, or not for the platform.
    /// A [`status`](crate::Error::status) of 501 if the engine's image store does not keep attestations. The containerd
    /// image store keeps them.
    /// [`Error::is_version`](crate::Error::is_version) if the engine is older than 29.6.
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
    /// Sets the variant of the image, as `linux/arm64` or a [`Platform`]. Defaults to the engine's own platform.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::one(self.0, Version::V1_55, platform))
    }

    /// Lists only statements of this predicate type, such as `https://slsa.dev/provenance/v0.2`. With several types,
    /// one must match.
    pub fn predicate_type(self, uri: impl AsRef<str>) -> Self {
        Self(self.0.query_also("type", uri.as_ref()))
    }

    /// Includes each [statement](AttestationStatement::statement) in full. Default: `false`.
    pub fn statement(self, statement: bool) -> Self {
        Self(self.0.query("statement", statement))
    }
}

call!(Attestations => Vec<AttestationStatement>, list);

/// An in-toto statement that is attached to an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AttestationStatement {
    /// The layer that contains the statement.
    #[serde(deserialize_with = "null_to_default")]
    pub descriptor: OciDescriptor,
    /// The predicate type, as a URI such as `https://slsa.dev/provenance/v0.2`.
    #[serde(deserialize_with = "null_to_default")]
    pub predicate_type: String,
    /// The statement itself, if [`Attestations::statement`] included it.
    pub statement: Option<Value>,
}
