//! The origin of an image, as verified by the engine.

use crate::wire::{Timestamp, go_time, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

/// The origin of an image, as verified by the engine. Tagging the image does not change it. Since API 1.53.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Identity {
    /// The verified signatures.
    #[serde(deserialize_with = "null_to_empty")]
    pub signature: Vec<SignatureIdentity>,
    /// The repositories that the image was pulled from or pushed to.
    #[serde(deserialize_with = "null_to_empty")]
    pub pull: Vec<PullIdentity>,
    /// The builds that created the image.
    #[serde(deserialize_with = "null_to_empty")]
    pub build: Vec<BuildIdentity>,
}

/// A build that created an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildIdentity {
    /// The reference of the build in BuildKit's history.
    #[serde(rename = "Ref")]
    pub reference: String,
    /// The time when the build ran.
    #[serde(deserialize_with = "go_time")]
    pub created_at: Option<Timestamp>,
}

/// A repository that an image was pulled from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PullIdentity {
    /// The repository. For a pull through a mirror, the original repository.
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
        /// A simple signing signature of cosign.
        SimpleSigningV1 = "simplesigning-v1",
    }
}

/// A signature of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignatureIdentity {
    /// A description of the kind of signature.
    pub name: String,
    /// The verified timestamps of the signature.
    #[serde(deserialize_with = "null_to_empty")]
    pub timestamps: Vec<SignatureTimestamp>,
    /// The signer, if the engine knows it by name.
    pub known_signer: KnownSignerIdentity,
    /// The image name in the signature. Only older signatures have one.
    pub docker_reference: String,
    /// The certificate of the signer.
    pub signer: Option<SignerIdentity>,
    /// The format of the signature.
    pub signature_type: SignatureType,
    /// The reason why verification failed. If set, the other fields are empty.
    pub error: String,
    /// Warnings of a verification that succeeded.
    #[serde(deserialize_with = "null_to_empty")]
    pub warnings: Vec<String>,
}

open_enum! {
    /// The authority that vouches for the time of a signature.
    pub enum SignatureTimestampType {
        /// A transparency log.
        Tlog = "Tlog",
        /// A timestamp authority.
        TimestampAuthority = "TimestampAuthority",
    }
}

/// A verified time of a signature.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignatureTimestamp {
    /// The kind of authority that vouches for the time.
    #[serde(rename = "Type")]
    pub kind: SignatureTimestampType,
    /// The URI of the authority.
    #[serde(rename = "URI")]
    pub uri: String,
    /// The time of the signature.
    #[serde(deserialize_with = "go_time")]
    pub timestamp: Option<Timestamp>,
}

/// The certificate that signed an image, with the extensions that Sigstore adds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignerIdentity {
    /// The issuer of the certificate.
    pub certificate_issuer: String,
    /// The subject alternative name of the certificate.
    pub subject_alternative_name: String,
    /// The issuer of the signer's OIDC token.
    pub issuer: String,
    /// The URI of the build instructions that signed the image.
    #[serde(rename = "BuildSignerURI")]
    pub build_signer_uri: String,
    /// The digest of these build instructions.
    pub build_signer_digest: String,
    /// The environment of the build: hosted by the platform or by the owner.
    pub runner_environment: String,
    /// The URI of the source repository.
    #[serde(rename = "SourceRepositoryURI")]
    pub source_repository_uri: String,
    /// The digest of the source code, such as a Git commit.
    pub source_repository_digest: String,
    /// The Git ref of the source code.
    pub source_repository_ref: String,
    /// The immutable ID of the source repository.
    pub source_repository_identifier: String,
    /// The URI of the source repository's owner.
    #[serde(rename = "SourceRepositoryOwnerURI")]
    pub source_repository_owner_uri: String,
    /// The immutable ID of the owner.
    pub source_repository_owner_identifier: String,
    /// The URI of the top-level build instructions.
    #[serde(rename = "BuildConfigURI")]
    pub build_config_uri: String,
    /// The digest of the top-level build instructions.
    pub build_config_digest: String,
    /// The event that started the build.
    pub build_trigger: String,
    /// The URI of the build run.
    #[serde(rename = "RunInvocationURI")]
    pub run_invocation_uri: String,
    /// The visibility of the source repository when the image was signed.
    pub source_repository_visibility_at_signing: String,
}
