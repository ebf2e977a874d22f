//! A local folder as the context of a BuildKit build.

use super::walk::leads_to;
use std::collections::HashMap;
use std::ffi::OsStr;
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
        let canonical =
            |path: &Path| path.canonicalize().map_err(|error| format!("the Dockerfile {}: {error}", named.display()));
        let target = canonical(&named)?;
        let folder = canonical(named.parent().unwrap_or(&root))?;
        // A symlink keeps its name, because its own ignore file is beside it, unless only this machine can follow it.
        let name = named.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let (dockerfile_folder, dockerfile) = match target.parent() {
            Some(real) if !leads_to(&folder, name, &target) => (real.to_owned(), target.file_name()),
            _ => (folder, named.file_name()),
        };
        let dockerfile = dockerfile.and_then(OsStr::to_str).map(str::to_owned);
        let dockerfile =
            dockerfile.ok_or_else(|| format!("the name of the Dockerfile {} is not UTF-8", named.display()))?;
        Ok(Self { root, dockerfile_folder, dockerfile })
    }
}

/// Returns the key by which the engine recognizes the folders of a session, to request only changed files. It identifies
/// these folders of this machine.
pub(super) fn shared_key(folders: &HashMap<String, PathBuf>) -> String {
    if folders.is_empty() {
        return String::new();
    }
    let mut hash = hmac_sha256::Hash::new();
    let read = |file| std::fs::read(file).ok().filter(|bytes| !bytes.is_empty());
    // A container has no machine ID, but shares the boot ID of its kernel.
    let machine = read("/etc/machine-id").or_else(|| read("/proc/sys/kernel/random/boot_id"));
    for own in [machine, read("/proc/sys/kernel/hostname")] {
        // Without an identity, a random value makes the engine request all files each time.
        hash.update(own.unwrap_or_else(|| crate::wire::random_bytes().to_vec()));
    }
    let mut sorted: Vec<_> = folders.iter().collect();
    sorted.sort_unstable();
    for (name, folder) in sorted {
        for part in [name.as_bytes(), folder.as_os_str().as_encoded_bytes()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        if let Ok(metadata) = std::fs::metadata(folder) {
            hash.update(metadata.dev().to_le_bytes());
            hash.update(metadata.ino().to_le_bytes());
        }
    }
    crate::wire::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::{Local, shared_key};
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    #[test]
    fn a_linked_dockerfile_keeps_the_ignore_file_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a folder");
        fs::create_dir_all(root.join("web/docker")).expect("made");
        fs::write(root.join("web/docker/build"), "FROM scratch").expect("written");
        fs::write(root.join("shared"), "FROM scratch").expect("written");
        symlink("docker/build", root.join("web/Dockerfile")).expect("a link");
        symlink("../shared", root.join("web/outside")).expect("a link");
        symlink(root.join("web/docker/build"), root.join("web/absolute")).expect("a link");
        symlink("web", root.join("also")).expect("a link");
        let found = |context: &str, dockerfile| {
            let local = Local::find(&root.join(context), dockerfile).expect("a Dockerfile");
            (local.dockerfile_folder.strip_prefix(&root).expect("inside").to_owned(), local.dockerfile)
        };
        let expected = |folder: &str, name: &str| (Path::new(folder).to_owned(), name.to_owned());
        assert_eq!(found("web", None), expected("web", "Dockerfile"));
        assert_eq!(found("also", None), expected("web", "Dockerfile"));
        assert_eq!(found("web/docker", Some("../../also/Dockerfile")), expected("web", "Dockerfile"));
        assert_eq!(found("web", Some("docker/build")), expected("web/docker", "build"));
        assert_eq!(found("web", Some("outside")), expected("", "shared"));
        assert_eq!(found("web", Some("absolute")), expected("web/docker", "build"), "the engine has another root");
    }

    #[test]
    fn the_shared_key_is_that_of_all_folders() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ["one", "two"].map(|name| folder.path().join(name));
        for path in &paths {
            fs::create_dir(path).expect("made");
        }
        let [one, two] = &paths;
        let key = |folders: &[(&str, &Path)]| {
            shared_key(&folders.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect())
        };
        let both = key(&[("context", one), ("docs", two)]);
        assert_eq!(both.len(), 64);
        assert_eq!(key(&[("docs", two), ("context", one)]), both);
        for other in
            [key(&[("context", one)]), key(&[("context", one), ("docs", one)]), key(&[("context", two), ("docs", one)])]
        {
            assert_ne!(other, both);
        }
        assert_eq!(key(&[]), "");
    }
}
