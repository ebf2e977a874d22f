//! A local folder as the context of a BuildKit build.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A folder with its Dockerfile.
pub(super) struct Local {
    pub(super) root: PathBuf,
    /// The Dockerfile's folder, which may be outside the context.
    pub(super) dockerfile_folder: PathBuf,
    /// The Dockerfile's name in that folder.
    pub(super) dockerfile: String,
}

/// Resolves the path of a context folder. Blocks.
pub(super) fn find_folder(folder: &Path) -> Result<PathBuf, String> {
    let root = folder.canonicalize().map_err(|error| format!("the build context {}: {error}", folder.display()))?;
    if root.is_dir() { Ok(root) } else { Err(format!("the build context {} is not a folder", folder.display())) }
}

impl Local {
    /// Finds the Dockerfile of a context folder. Blocks.
    pub(super) fn find(folder: &Path, dockerfile: Option<&str>) -> Result<Self, String> {
        let root = find_folder(folder)?;
        let exists = |name| std::fs::symlink_metadata(root.join(name)).is_ok();
        let default = if !exists("Dockerfile") && exists("dockerfile") { "dockerfile" } else { "Dockerfile" };
        let named = root.join(dockerfile.unwrap_or(default));
        match std::fs::metadata(&named) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(format!("the Dockerfile {} is not a file", named.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(format!("there is no Dockerfile {}", named.display()));
            }
            Err(error) => return Err(format!("the Dockerfile {}: {error}", named.display())),
        }
        // Resolve a symlink: its target may be anywhere.
        let named = named.canonicalize().map_err(|error| format!("the Dockerfile {}: {error}", named.display()))?;
        let name = named.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let dockerfile = name.ok_or_else(|| format!("the name of the Dockerfile {} is not UTF-8", named.display()))?;
        let dockerfile_folder = named.parent().unwrap_or(&root).to_owned();
        Ok(Self { root, dockerfile_folder, dockerfile })
    }

    /// Returns the key by which the engine recognizes the folder, to request only changed files. It identifies this
    /// folder of this machine.
    pub(super) fn shared_key(&self) -> String {
        let mut hash = hmac_sha256::Hash::new();
        let read = |file| std::fs::read(file).ok().filter(|bytes| !bytes.is_empty());
        // A container has no machine ID, but shares the boot ID of its kernel.
        let machine = read("/etc/machine-id").or_else(|| read("/proc/sys/kernel/random/boot_id"));
        for own in [machine, read("/proc/sys/kernel/hostname")] {
            // Without an identity, a random value makes the engine request all files each time.
            hash.update(own.unwrap_or_else(|| crate::wire::random_bytes().to_vec()));
        }
        if let Ok(metadata) = std::fs::metadata(&self.root) {
            hash.update(metadata.dev().to_le_bytes());
            hash.update(metadata.ino().to_le_bytes());
        }
        hash.update(self.root.as_os_str().as_encoded_bytes());
        crate::wire::hex(&hash.finalize())
    }
}
