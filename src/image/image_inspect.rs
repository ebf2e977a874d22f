//! The response of `GET /images/{name}/json`.

use super::{Identity, ImageConfig, ImageManifestSummary};
use crate::container::DriverData;
use crate::wire::{OciDescriptor, Timestamp, empty_is_none, go_time, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The details of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageInspect {
    /// The ID: the digest of the configuration, or, in the containerd image store, of the manifest.
    pub id: String,
    /// The descriptor that the name refers to: a manifest, or an index of several. Since API 1.48, in the containerd
    /// image store only.
    pub descriptor: Option<OciDescriptor>,
    /// The manifests of an index, if [`Inspect::manifests`](super::Inspect::manifests) included them. Since API 1.48.
    #[serde(deserialize_with = "null_to_empty")]
    pub manifests: Vec<ImageManifestSummary>,
    /// The origin, as verified by the engine. Since API 1.53.
    pub identity: Option<Identity>,
    /// The tags that refer to the image.
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_tags: Vec<String>,
    /// The names with digest by which registries know the image.
    #[serde(deserialize_with = "null_to_empty")]
    pub repo_digests: Vec<String>,
    /// The ID of the parent image. Until API 1.51.
    pub parent: Option<String>,
    /// The comment of the commit or import. May be empty.
    #[serde(deserialize_with = "null_to_default")]
    pub comment: String,
    /// The creation time, or `None` if it is not recorded.
    #[serde(deserialize_with = "go_time")]
    pub created: Option<Timestamp>,
    /// The ID of the container that the image was committed from. Until API 1.44.
    pub container: Option<String>,
    /// The configuration of that container. Until API 1.44.
    pub container_config: Option<ImageConfig>,
    /// The version of the engine that built the image. Until API 1.51.
    pub docker_version: Option<String>,
    /// The author. May be empty.
    #[serde(deserialize_with = "null_to_default")]
    pub author: String,
    /// The defaults for the image's containers.
    pub config: Option<ImageConfig>,
    /// The architecture, such as `amd64`.
    pub architecture: String,
    /// The variant of the architecture, such as `v7`.
    #[serde(with = "empty_is_none")]
    pub variant: Option<String>,
    /// The operating system, such as `linux`.
    pub os: String,
    /// The version of the operating system. Windows only.
    #[serde(deserialize_with = "null_to_default")]
    pub os_version: String,
    /// The size including all layers, in bytes.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// The same as [`size`](Self::size). Until API 1.43.
    pub virtual_size: Option<i64>,
    /// The data of the storage driver. Since API 1.52 the containerd image store has none.
    pub graph_driver: Option<DriverData>,
    /// The layers.
    #[serde(rename = "RootFS", deserialize_with = "null_to_default")]
    pub root_fs: ImageRootFs,
    /// The engine's own metadata.
    #[serde(deserialize_with = "null_to_default")]
    pub metadata: ImageMetadata,
}

/// The layers of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageRootFs {
    /// The kind of root file system: `layers`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The digests of the layers, the base layer first.
    #[serde(deserialize_with = "null_to_empty")]
    pub layers: Vec<String>,
}

/// An engine's own metadata of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageMetadata {
    /// The time when the image was last tagged on this engine.
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
