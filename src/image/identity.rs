//! Where an image came from, as far as the engine has verified it.

use crate::wire::{Timestamp, go_time, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// Where an image came from; other tags do not change it. Since API 1.53.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Identity {
    /// The signatures that were verified.
    #[serde(deserialize_with = "null_to_empty")]
    pub signature: Vec<SignatureIdentity>,
    /// Where it was pulled from, and pushed to.
    #[serde(deserialize_with = "null_to_empty")]
    pub pull: Vec<PullIdentity>,
    /// The builds that made it.
    #[serde(deserialize_with = "null_to_empty")]
    pub build: Vec<BuildIdentity>,
}

/// A build that made an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildIdentity {
    /// Its reference in `BuildKit`'s history.
    #[serde(rename = "Ref")]
    pub reference: String,
    /// When it ran.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
}

/// Where an image was pulled from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PullIdentity {
    /// The repository; that behind the mirror, if it was pulled through one.
    pub repository: String,
}

open_enum! {
    /// A signer that the engine knows by name.
    pub enum KnownSignerIdentity {
        /// Docker Hardened Images.
        Dhi = "DHI",
    }
}

open_enum! {
    /// The format of a signature.
    pub enum SignatureType {
        /// A Sigstore bundle.
        BundleV03 = "bundle-v0.3",
        /// The simple signing of cosign.
        SimpleSigningV1 = "simplesigning-v1",
    }
}

/// A signature of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignatureIdentity {
    /// What kind of signature it is, for people to read.
    pub name: String,
    /// The signed times that were verified.
    #[serde(deserialize_with = "null_to_empty")]
    pub timestamps: Vec<SignatureTimestamp>,
    /// The signer, if the engine knows it by name.
    pub known_signer: KnownSignerIdentity,
    /// The image name in the signature; older ones alone have it.
    pub docker_reference: String,
    /// Who signed.
    pub signer: Option<SignerIdentity>,
    /// The format.
    pub signature_type: SignatureType,
    /// Why it could not be verified; the other fields are empty then.
    pub error: String,
    /// What is odd about the verification, which succeeded all the same.
    #[serde(deserialize_with = "null_to_empty")]
    pub warnings: Vec<String>,
}

open_enum! {
    /// Who vouches for the time of a signature.
    pub enum SignatureTimestampType {
        /// A transparency log.
        Tlog = "Tlog",
        /// A timestamp authority.
        TimestampAuthority = "TimestampAuthority",
    }
}

/// When an image was signed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignatureTimestamp {
    /// Who vouches for it.
    #[serde(rename = "Type")]
    pub kind: SignatureTimestampType,
    /// Where that is.
    #[serde(rename = "URI")]
    pub uri: String,
    /// The time.
    #[serde(deserialize_with = "go_time")]
    pub timestamp: Option<Timestamp>,
}

/// The certificate that an image was signed with, with what Sigstore wrote into it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignerIdentity {
    /// Who issued it.
    pub certificate_issuer: String,
    /// Whom it is for.
    pub subject_alternative_name: String,
    /// Who vouched for the signer: the issuer of its OIDC token.
    pub issuer: String,
    /// The build instructions that signed.
    #[serde(rename = "BuildSignerURI")]
    pub build_signer_uri: String,
    /// The exact version of these.
    pub build_signer_digest: String,
    /// Whether the build ran on the platform's machines or on the owner's.
    pub runner_environment: String,
    /// The source repository.
    #[serde(rename = "SourceRepositoryURI")]
    pub source_repository_uri: String,
    /// The exact version of the source.
    pub source_repository_digest: String,
    /// The ref of the source.
    pub source_repository_ref: String,
    /// The source repository's unchanging id.
    pub source_repository_identifier: String,
    /// The source repository's owner.
    #[serde(rename = "SourceRepositoryOwnerURI")]
    pub source_repository_owner_uri: String,
    /// The owner's unchanging id.
    pub source_repository_owner_identifier: String,
    /// The build instructions that the build began with.
    #[serde(rename = "BuildConfigURI")]
    pub build_config_uri: String,
    /// The exact version of these.
    pub build_config_digest: String,
    /// What started the build.
    pub build_trigger: String,
    /// The run of the build.
    #[serde(rename = "RunInvocationURI")]
    pub run_invocation_uri: String,
    /// Whether the source was public when it was signed.
    pub source_repository_visibility_at_signing: String,
}
