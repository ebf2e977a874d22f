//! The manifests behind an image's name.

use super::Identity;
use crate::wire::{self, OciDescriptor, OciPlatform, open_enum};

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
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ImageManifestSummary {
    /// Its digest.
    pub id: String,
    /// Its descriptor.
    pub descriptor: OciDescriptor,
    /// Whether all of its content is here.
    pub available: bool,
    /// How large it is.
    pub size: ManifestSize,
    /// What it is for.
    pub kind: ManifestKind,
    /// More about it, if it is an image.
    pub image_data: Option<ManifestImageData>,
    /// More about it, if it is an attestation.
    pub attestation_data: Option<ManifestAttestationData>,
}

wire::object! {
    ImageManifestSummary {
        "ID" => id,
        "Descriptor" => descriptor,
        "Available" => available,
        "Size" => size,
        "Kind" => kind,
        "ImageData" => image_data,
        "AttestationData" => attestation_data,
    }
}

/// How large a manifest is with what it refers to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ManifestSize {
    /// All that is here of it, unpacked files included, in bytes.
    pub total: i64,
    /// What is here of it in the content store (configuration and packed layers), in bytes.
    pub content: i64,
}

wire::object! {
    ManifestSize {
        "Total" => total,
        "Content" => content,
    }
}

/// More about the manifest of an image.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ManifestImageData {
    /// What it runs on.
    pub platform: OciPlatform,
    /// Where it came from, if [`List::identity`](super::List::identity) asked for it. Since API 1.54.
    pub identity: Option<Identity>,
    /// The ids of the containers that use it.
    pub containers: Vec<String>,
    /// How large it is unpacked.
    pub size: UnpackedSize,
}

wire::object! {
    ManifestImageData {
        "Platform" => platform,
        "Identity" => identity,
        "Containers" => containers,
        "Size" => size,
    }
}

/// How large an image is unpacked.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UnpackedSize {
    /// The files that containers use directly, in bytes.
    pub unpacked: i64,
}

wire::object! {
    UnpackedSize {
        "Unpacked" => unpacked,
    }
}

/// More about the manifest of an attestation.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ManifestAttestationData {
    /// The digest of the manifest that it is about.
    pub subject: String,
}

wire::object! {
    ManifestAttestationData {
        "For" => subject,
    }
}
