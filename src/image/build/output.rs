//! [`BuildOutput`]: the destination of a build's result.

use crate::Map;
use serde_json::{Value, json};
#[cfg(feature = "buildkit")]
use std::path::PathBuf;

/// A destination of a BuildKit build's result: an exporter and its attributes.
///
/// Without an output, the result is an image in the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it does nothing until it is given to a build"]
pub struct BuildOutput {
    kind: String,
    attrs: Map<String>,
    /// The path on the client, for a local output.
    #[cfg(feature = "buildkit")]
    destination: Option<PathBuf>,
}

impl BuildOutput {
    /// Creates an output for an exporter of this name, such as `image` with the attribute `push-by-digest`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            attrs: Map::default(),
            #[cfg(feature = "buildkit")]
            destination: None,
        }
    }

    /// Stores the result as an image in the engine.
    pub fn image() -> Self {
        Self::new("moby")
    }

    /// Pushes the image to the registries of its [tags](super::Build::tag), as `docker build --push` does. The image is
    /// also stored in the engine. Requires the containerd image store.
    ///
    /// On other engines, push after the build: see [`Image::push`](crate::image::Image::push).
    pub fn registry() -> Self {
        Self::new("image").attribute("push", "true")
    }

    /// Writes the files of the result to a local folder.
    ///
    /// Creates the folder if it does not exist, and replaces files of the same name. The files belong to the current
    /// user. Nothing is written outside the folder.
    #[cfg(feature = "buildkit")]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("local") }
    }

    /// Writes the files of the result to a local tar archive.
    #[cfg(feature = "buildkit")]
    pub fn tar(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("tar") }
    }

    /// Writes the image to a local tar archive in the OCI layout. Requires the containerd image store.
    #[cfg(feature = "buildkit")]
    pub fn oci(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("oci") }
    }

    /// Writes the image to a local tar archive for `docker load`. Requires the containerd image store.
    #[cfg(feature = "buildkit")]
    pub fn docker(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("docker") }
    }

    /// Exports nothing: the build only fills the build cache.
    #[cfg(feature = "buildkit")]
    pub fn nothing() -> Self {
        Self::new("cacheonly")
    }

    /// Sets an attribute of the exporter, such as `compression` to `zstd`.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attrs.insert(name, value.into());
        self
    }

    /// Returns the JSON for `POST /build`, given the names of the image. Attributes are always present: Docker 20.10
    /// crashes without them.
    pub(super) fn to_json(&self, names: &[&str]) -> Value {
        let mut attrs = self.attrs.clone();
        // The engine itself names images, but not those in archives.
        if self.has_name() && !self.is_image() && !names.is_empty() {
            attrs.entry("name").or_insert_with(|| names.join(","));
        }
        json!({ "Type": self.kind, "Attrs": attrs })
    }

    /// Whether the result has the names of the image.
    pub(super) fn has_name(&self) -> bool {
        self.is_image() || matches!(self.kind.as_str(), "oci" | "docker")
    }

    /// Whether the result is an image in the engine.
    pub(super) fn is_image(&self) -> bool {
        matches!(self.kind.as_str(), "moby" | "image")
    }
}

#[cfg(feature = "buildkit")]
impl BuildOutput {
    pub(super) fn destination(&self) -> Option<super::buildkit::Destination> {
        let path = self.destination.clone()?;
        Some(match self.kind.as_str() {
            "local" => super::buildkit::Destination::Folder(path),
            _ => super::buildkit::Destination::File(path),
        })
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.kind == "cacheonly"
    }

    pub(super) fn parts(&self) -> (&str, &Map<String>) {
        (&self.kind, &self.attrs)
    }
}
