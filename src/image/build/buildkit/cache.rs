//! What the engine is asked for by a [`BuildCache`].

use super::content;
use super::proto::Exporter;
use crate::image::build::BuildCache;
use std::collections::HashMap;
use std::path::PathBuf;

impl BuildCache {
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

/// Adds a folder to those that the session serves, and returns its ID.
fn store(stores: &mut HashMap<String, PathBuf>, folder: PathBuf) -> String {
    let id = folder.display().to_string();
    stores.insert(format!("local:{id}"), folder);
    id
}
