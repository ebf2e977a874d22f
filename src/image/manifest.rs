//! The manifests of a multi-platform image.

use super::Identity;
use crate::wire::{OciDescriptor, Platform, null_to_default, null_to_empty, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The kind of a manifest.
    pub enum ManifestKind {
        /// An image that containers can start from.
        Image = "image",
        /// An attestation of how an image was built.
        Attestation = "attestation",
    }
}

/// A manifest of an image. Since API 1.47.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestSummary {
    /// The digest of the manifest.
    #[serde(rename = "ID")]
    pub id: String,
    /// The descriptor of the manifest.
    #[serde(deserialize_with = "null_to_default")]
    pub descriptor: OciDescriptor,
    /// Whether the engine has all of the manifest's content.
    pub available: bool,
    /// The size of the manifest and its content.
    #[serde(deserialize_with = "null_to_default")]
    pub size: ManifestSize,
    /// The kind of the manifest.
    pub kind: ManifestKind,
    /// The details, if the manifest is an image.
    pub image_data: Option<ManifestImageData>,
    /// The details, if the manifest is an attestation.
    pub attestation_data: Option<ManifestAttestationData>,
}

/// The size of a manifest and the content that it refers to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManifestSize {
    /// The size of all content on the engine, including unpacked files, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub total: i64,
    /// The size of the blobs in the content store (configuration and compressed layers), in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub content: i64,
}

/// The details of an image manifest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManifestImageData {
    /// The platform of the image.
    #[serde(deserialize_with = "null_to_default")]
    pub platform: Platform,
    /// The origin, if [`List::identity`](super::List::identity) included it. Since API 1.54.
    pub identity: Option<Identity>,
    /// The IDs of the containers that use the image.
    #[serde(deserialize_with = "null_to_empty")]
    pub containers: Vec<String>,
    /// The size of the unpacked image.
    #[serde(deserialize_with = "null_to_default")]
    pub size: UnpackedSize,
}

/// The size of an unpacked image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UnpackedSize {
    /// The size of the unpacked files, which containers use directly, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub unpacked: i64,
}

/// The details of an attestation manifest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManifestAttestationData {
    /// The digest of the image manifest that the attestation describes.
    #[serde(rename = "For")]
    pub subject: String,
}
