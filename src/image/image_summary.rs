//! The response of `GET /images/json`.

use super::ImageManifestSummary;
use crate::wire::{Map, OciDescriptor, Timestamp, empty_is_none, null_to_default, null_to_empty, seconds};
use serde::{Deserialize, Serialize};

/// An image in the list of images.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageSummary {
    /// The ID: the digest of the configuration, or, in the containerd image store, of the manifest.
    pub id: String,
    /// The ID of the parent image, or `None` if the image was pulled.
    #[serde(with = "empty_is_none")]
    pub parent_id: Option<String>,
    /// The tags that refer to the image. Empty for a dangling image (`<none>:<none>` until API 1.42).
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_tags: Vec<String>,
    /// The names with digest by which registries know the image. If there are none, `<none>@<none>` until API 1.42.
    ///
    /// Of an image with names in several repositories, the containerd image store lists that of only one of them.
    /// [`Image::inspect`](super::Image::inspect) tells all.
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_digests: Vec<String>,
    /// The creation time, to the second.
    #[serde(with = "seconds")]
    pub created: Option<Timestamp>,
    /// The size including all layers, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// The size that is shared with other images, in bytes, or -1 without [`List::shared_size`](super::List::shared_size).
    #[serde(deserialize_with = "null_to_default")]
    pub shared_size: i64,
    /// The same as [`size`](Self::size). Until API 1.43.
    pub virtual_size: Option<i64>,
    /// The labels.
    pub labels: Map<String>,
    /// The number of containers that use the image, including stopped ones. -1 if not counted, as always until API 1.50.
    #[serde(deserialize_with = "null_to_default")]
    pub containers: i64,
    /// The manifests of an index, if [`List::manifests`](super::List::manifests) included them. Since API 1.47.
    #[serde(deserialize_with = "null_to_empty")]
    pub manifests: Vec<ImageManifestSummary>,
    /// The descriptor that the name refers to: a manifest, or an index of several. Since API 1.48, in the containerd
    /// image store only.
    pub descriptor: Option<OciDescriptor>,
}

#[cfg(test)]
mod tests {
    use super::ImageSummary;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn keeps_what_an_engine_says() {
        let answer = json!({
            "Id": "sha256:ec3f", "ParentId": "sha256:aa",
            "RepoTags": ["example:1.0"], "RepoDigests": ["example@sha256:afcc"],
            "Created": 1_644_009_612, "Size": 172_064_416, "SharedSize": -1, "VirtualSize": null, "Labels": {"a": "b"},
            "Containers": 2, "Descriptor": null,
            "Manifests": [{
                "ID": "sha256:9586", "Available": true, "Size": {"Total": 8_213_251, "Content": 3_987_495},
                "Kind": "image",
                "Descriptor": {
                    "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:9586", "size": 1024,
                    "urls": [], "annotations": {}, "data": null, "artifactType": null,
                    "platform": {"architecture": "arm64", "os": "linux", "variant": "v8"},
                },
                "ImageData": {
                    "Platform": {"architecture": "arm64", "os": "linux", "variant": "v8"}, "Identity": null,
                    "Containers": ["ede54ee1"], "Size": {"Unpacked": 4_225_756},
                },
                "AttestationData": null,
            }],
        });
        let image: ImageSummary = from_value(answer.clone()).expect("an image");
        assert_eq!(to_value(&image).expect("JSON"), answer);
    }

    #[test]
    fn bears_nulls_and_unknown_kinds() {
        let answer = r#"[{"Id":"sha256:ec3f","RepoTags":null,"RepoDigests":null,"Labels":null,"Created":0,
            "Manifests":[null,{"ID":"sha256:1","Descriptor":null,"Size":null,
            "Kind":"sbom","AttestationData":{"For":"sha256:2"}}]}]"#;
        let images: Vec<ImageSummary> = serde_json::from_str(answer).expect("images");
        let [ImageSummary { created: None, manifests, .. }] = images.as_slice() else { panic!("{images:?}") };
        let [manifest] = manifests.as_slice() else { panic!("{manifests:?}") };
        assert_eq!(manifest.kind.as_str(), "sbom");
    }
}
