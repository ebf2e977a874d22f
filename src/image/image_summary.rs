//! What `GET /images/json` answers.

use super::ImageManifestSummary;
use crate::wire::{Map, OciDescriptor, Timestamp, empty_is_none, null_to_default, null_to_empty, seconds};
use serde::{Deserialize, Serialize};

/// An image, as the list has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageSummary {
    /// Its id: the digest of its configuration, or of its manifest in the containerd image store.
    pub id: String,
    /// The id of the image that it was built upon; `None` if it was pulled.
    #[serde(with = "empty_is_none")]
    pub parent_id: Option<String>,
    /// The tags that point to it; none if it is dangling (`<none>:<none>` until API 1.42).
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_tags: Vec<String>,
    /// The names with a digest that it is known by in registries (`<none>@<none>` if none, until API 1.42).
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_digests: Vec<String>,
    /// When it was made, to the second.
    #[serde(with = "seconds")]
    pub created: Option<Timestamp>,
    /// Its size with all layers, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// How many bytes of it other images share; -1 unless [`List::shared_size`](super::List::shared_size) asked for it.
    #[serde(deserialize_with = "null_to_default")]
    pub shared_size: i64,
    /// The same as the size. Until API 1.43.
    pub virtual_size: Option<i64>,
    /// Its labels.
    pub labels: Map<String>,
    /// How many containers use it, stopped ones included; -1 if that was not counted, as always until API 1.50.
    #[serde(deserialize_with = "null_to_default")]
    pub containers: i64,
    /// What is behind an index, if [`List::manifests`](super::List::manifests) asked for it. Since API 1.47.
    #[serde(deserialize_with = "null_to_empty")]
    pub manifests: Vec<ImageManifestSummary>,
    /// What its name points to: a manifest, or an index of several. Since API 1.48; the containerd image store alone.
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
