//! The manifests behind an image's name.

use super::Identity;
use crate::wire::{OciDescriptor, Platform, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// What a manifest is for.
    pub enum ManifestKind {
        /// Containers start from it.
        Image = "image",
        /// It attests how another one was built.
        Attestation = "attestation",
    }
}

/// One manifest of an image. Since API 1.47.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestSummary {
    /// Its digest.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its descriptor.
    #[serde(deserialize_with = "null_to_default")]
    pub descriptor: OciDescriptor,
    /// Whether all of its content is here.
    pub available: bool,
    /// How large it is.
    #[serde(deserialize_with = "null_to_default")]
    pub size: ManifestSize,
    /// What it is for.
    pub kind: ManifestKind,
    /// More about it, if it is an image.
    pub image_data: Option<ManifestImageData>,
    /// More about it, if it is an attestation.
    pub attestation_data: Option<ManifestAttestationData>,
}

/// How large a manifest is with what it refers to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManifestSize {
    /// All that is here of it, unpacked files included, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub total: i64,
    /// What is here of it in the content store (configuration and packed layers), in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub content: i64,
}

/// More about the manifest of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManifestImageData {
    /// What it runs on.
    #[serde(deserialize_with = "null_to_default")]
    pub platform: Platform,
    /// Where it came from, if [`List::identity`](super::List::identity) asked for it. Since API 1.54.
    pub identity: Option<Identity>,
    /// The ids of the containers that use it.
    #[serde(deserialize_with = "null_to_empty")]
    pub containers: Vec<String>,
    /// How large it is unpacked.
    #[serde(deserialize_with = "null_to_default")]
    pub size: UnpackedSize,
}

/// How large an image is unpacked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UnpackedSize {
    /// The files that containers use directly, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub unpacked: i64,
}

/// More about the manifest of an attestation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManifestAttestationData {
    /// The digest of the manifest that it is about.
    #[serde(rename = "For")]
    pub subject: String,
}
