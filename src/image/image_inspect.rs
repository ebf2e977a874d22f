//! What `GET /images/{name}/json` answers.

use super::{Identity, ImageConfig, ImageManifestSummary};
use crate::container::DriverData;
use crate::wire::{OciDescriptor, Timestamp, empty_is_none, go_time, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// An image, in full.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageInspect {
    /// Its id: the digest of its configuration, or of its manifest in the containerd image store.
    pub id: String,
    /// What its name points to: a manifest, or an index of several. Since API 1.48; the containerd image store alone.
    pub descriptor: Option<OciDescriptor>,
    /// What is behind an index, if [`Inspect::manifests`](super::Inspect::manifests) asked for it. Since API 1.48.
    #[serde(deserialize_with = "null_to_empty")]
    pub manifests: Vec<ImageManifestSummary>,
    /// Where it came from, as far as the engine has verified it. Since API 1.53.
    pub identity: Option<Identity>,
    /// The tags that point to it.
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_tags: Vec<String>,
    /// The names with a digest that it is known by in registries.
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_digests: Vec<String>,
    /// The id of the image that it was built upon. Until API 1.51.
    pub parent: Option<String>,
    /// What was said when it was committed or imported; may be empty.
    #[serde(deserialize_with = "null_to_default")]
    pub comment: String,
    /// When it was made, if it says so.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// The container that it was committed from. Until API 1.44.
    pub container: Option<String>,
    /// The configuration of that container. Until API 1.44.
    pub container_config: Option<ImageConfig>,
    /// The engine version that built it. Until API 1.51.
    pub docker_version: Option<String>,
    /// Who made it; may be empty.
    #[serde(deserialize_with = "null_to_default")]
    pub author: String,
    /// What its containers start with.
    pub config: Option<ImageConfig>,
    /// The architecture that it is for, such as `amd64`.
    pub architecture: String,
    /// The variant of the architecture, such as `v7`; `None` if there is none.
    #[serde(with = "empty_is_none")]
    pub variant: Option<String>,
    /// The operating system that it is for.
    pub os: String,
    /// The version of that; Windows alone has one.
    #[serde(deserialize_with = "null_to_default")]
    pub os_version: String,
    /// Its size with all layers, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// The same as the size. Until API 1.43.
    pub virtual_size: Option<i64>,
    /// What the storage driver says of it; since API 1.52 not from the containerd image store.
    pub graph_driver: Option<DriverData>,
    /// Its layers.
    #[serde(rename = "RootFS", deserialize_with = "null_to_default")]
    pub root_fs: ImageRootFs,
    /// What this engine noted about it.
    #[serde(deserialize_with = "null_to_default")]
    pub metadata: ImageMetadata,
}

/// The layers of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageRootFs {
    /// What it is made of: `layers`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The digests of the layers, lowest first.
    #[serde(deserialize_with = "null_to_empty")]
    pub layers: Vec<String>,
}

/// What an engine noted about an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageMetadata {
    /// When it was last tagged here.
    #[serde(deserialize_with = "go_time")]
    pub last_tag_time: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::ImageInspect;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn keeps_what_an_engine_says() {
        let answer = json!({
            "Id": "sha256:ec3f", "RepoTags": ["nginx:1.27"], "RepoDigests": ["nginx@sha256:afcc"],
            "Descriptor": {
                "mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:afcc", "size": 10229,
                "urls": [], "annotations": {}, "data": null, "platform": null, "artifactType": null,
            },
            "Manifests": [], "Parent": "sha256:aa", "Comment": "by hand", "Created": "2026-02-04T21:20:12.497794809Z",
            "Container": "65974bc8", "ContainerConfig": null, "DockerVersion": "27.0.1", "Author": "me", "Config": null,
            "Architecture": "arm", "Variant": "v7", "Os": "linux", "OsVersion": "10", "Size": 1_239_828,
            "VirtualSize": 1_239_828, "GraphDriver": {"Name": "overlay2", "Data": {"MergedDir": "/m"}},
            "RootFS": {"Type": "layers", "Layers": ["sha256:1834"]},
            "Metadata": {"LastTagTime": "2026-02-28T14:40:02.623929178Z"},
            "Identity": {"Signature": [], "Pull": [{"Repository": "docker.io/library/nginx"}], "Build": []},
        });
        let image: ImageInspect = from_value(answer.clone()).expect("an image");
        assert_eq!(to_value(&image).expect("JSON"), answer);
    }

    #[test]
    fn bears_an_image_that_was_never_tagged_or_dated() {
        let answer = r#"{"Id":"sha256:ec3f","RepoTags":null,"RepoDigests":null,"Created":"0001-01-01T00:00:00Z",
            "Config":{"Env":null,"Cmd":null,"ExposedPorts":null,"Volumes":null,"Labels":null,"OnBuild":null},
            "GraphDriver":null,"Variant":null,"Metadata":{"LastTagTime":"0001-01-01T00:00:00Z"}}"#;
        let image: ImageInspect = serde_json::from_str(answer).expect("an image");
        assert_eq!((image.created, image.metadata.last_tag_time), (None, None));
        assert!(image.repo_tags.is_empty() && image.config.expect("a configuration").labels.is_empty());
    }
}
