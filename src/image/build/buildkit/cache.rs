//! [`BuildCache`]: a build cache outside the engine.

use super::content;
use super::proto::Exporter;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// A build cache outside the engine, to import step results from or export them to: a registry, a folder or the image itself.
///
/// ```no_run
/// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
/// use longshore::image::{BuildCache, BuildContext};
///
/// let cache = || BuildCache::registry("registry.example.com/team/web:cache");
/// let build = docker.images().build(BuildContext::folder("web")).tag("web:1");
/// build.cache_from(cache()).cache_to(cache().all_steps()).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it does nothing until it is given to a build"]
pub struct BuildCache {
    kind: String,
    attributes: BTreeMap<String, String>,
    /// The folder on the client, for a local cache.
    folder: Option<PathBuf>,
    /// Whether this is only the name of an image, which every builder takes.
    is_name: bool,
}

impl BuildCache {
    /// Creates a cache for an importer or exporter of this name, such as `gha`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), attributes: BTreeMap::new(), folder: None, is_name: false }
    }

    /// Uses an image of its own in a registry. Exporting requires the containerd image store.
    pub fn registry(reference: impl Into<String>) -> Self {
        Self::new("registry").attribute("ref", reference)
    }

    /// Uses a local folder in the OCI layout.
    ///
    /// Importing from a folder without results is not an error. Exporting creates the folder, and requires the
    /// containerd image store.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { folder: Some(path.into()), ..Self::new("local") }
    }

    /// Stores the cache in the image that is built. Other builds import it from the registry that the image is pushed to.
    pub fn inline() -> Self {
        Self::new("inline")
    }

    /// Exports the results of all steps. Default: only the steps whose layers are in the image.
    pub fn all_steps(self) -> Self {
        self.attribute("mode", "max")
    }

    /// Sets an attribute, such as `compression` to `zstd`.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self.is_name = false;
        self
    }

    /// Returns the name of the image, if the cache was made from nothing else.
    pub(in crate::image::build) fn into_image(mut self) -> Result<String, Self> {
        if self.is_name { Ok(self.attributes.remove("ref").unwrap_or_default()) } else { Err(self) }
    }

    /// Returns the import that the engine is asked for, or `None` if the folder has no results. Blocks.
    pub(super) fn source(mut self, stores: &mut HashMap<String, PathBuf>) -> Option<Exporter> {
        if let Some(folder) = self.folder.take() {
            let digest = content::tagged(&folder)?;
            let id = store(stores, folder);
            self = self.attribute("src", id).attribute("digest", digest);
        }
        Some(self.into_entry())
    }

    /// Returns the export that the engine is asked for, and its folder if it is local. Blocks.
    pub(super) fn target(
        mut self,
        stores: &mut HashMap<String, PathBuf>,
    ) -> Result<(Exporter, Option<PathBuf>), String> {
        let Some(folder) = self.folder.take() else { return Ok((self.into_entry(), None)) };
        std::fs::create_dir_all(&folder).map_err(|error| format!("the cache folder {}: {error}", folder.display()))?;
        let id = store(stores, folder.clone());
        Ok((self.attribute("dest", id).into_entry(), Some(folder)))
    }

    pub(super) fn into_entry(self) -> Exporter {
        Exporter { kind: self.kind, attrs: self.attributes.into_iter().collect() }
    }
}

impl From<&str> for BuildCache {
    /// Uses an image, given by name.
    fn from(image: &str) -> Self {
        image.to_owned().into()
    }
}

impl From<String> for BuildCache {
    /// Uses an image, given by name.
    fn from(image: String) -> Self {
        Self { is_name: true, ..Self::registry(image) }
    }
}

impl From<&String> for BuildCache {
    /// Uses an image, given by name.
    fn from(image: &String) -> Self {
        image.clone().into()
    }
}

/// Adds a folder to those that the session serves, and returns its ID.
fn store(stores: &mut HashMap<String, PathBuf>, folder: PathBuf) -> String {
    let id = folder.display().to_string();
    stores.insert(format!("local:{id}"), folder);
    id
}
