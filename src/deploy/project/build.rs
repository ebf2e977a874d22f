//! [`BuildFrom`]: an image that is built as a step of the deployment.

use crate::Map;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A folder of the deployer's machine that a service's image is built from, before its containers are made. The feature `tar`
/// is needed to do it.
///
/// It is built again when what is in the folder has changed, or what is set here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[must_use = "it does nothing until it is given to a service"]
pub struct BuildFrom {
    /// The folder, with its `.dockerignore`.
    pub context: PathBuf,
    /// The Dockerfile's path in it. Defaults to `Dockerfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// The stage to build. Defaults to the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Build arguments. They are kept in the image's history: no place for secrets.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub args: Map<String>,
    /// Whether the image is pushed to its registry afterwards. Defaults to `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub push: bool,
}

impl BuildFrom {
    /// The folder, with the Dockerfile in it.
    pub fn folder(context: impl Into<PathBuf>) -> Self {
        Self { context: context.into(), ..Self::default() }
    }

    /// The digest of all that the image is made of, but for what its Dockerfile fetches.
    pub(in crate::deploy) fn digest(&self) -> Result<String, String> {
        let mut hash = hmac_sha256::Hash::new();
        let settings = serde_json::json!([self.dockerfile, self.target, self.args]);
        hash.update(settings.to_string());
        add(&self.context, &mut hash).map_err(|error| format!("build: {}: {error}", self.context.display()))?;
        Ok(hex(&hash.finalize()))
    }
}

impl<P: AsRef<Path>> From<P> for BuildFrom {
    fn from(context: P) -> Self {
        Self::folder(context.as_ref())
    }
}

pub(in crate::deploy) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Adds a file, a link or a folder with all that is in it. Times do not count: a fresh checkout has others.
fn add(path: &Path, hash: &mut hmac_sha256::Hash) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
    if metadata.is_symlink() {
        hash.update([b'l']);
        hash.update(fs::read_link(path)?.as_os_str().as_encoded_bytes());
    } else if metadata.is_dir() {
        hash.update([b'd']);
        let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        entries.iter().try_for_each(|entry| add(entry, hash))?;
        hash.update([b'e']);
    } else if metadata.is_file() {
        hash.update([b'f', u8::from(is_executable(&metadata))]);
        hash.update(metadata.len().to_le_bytes());
        let (mut file, mut buffer) = (fs::File::open(path)?, vec![0; 64 << 10]);
        loop {
            let length = file.read(&mut buffer)?;
            match buffer.get(..length) {
                None | Some([]) => break,
                Some(bytes) => hash.update(bytes),
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::BuildFrom;

    #[test]
    fn changes_with_what_is_in_the_folder_and_not_with_its_times() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        let digest = || BuildFrom::folder(folder.path()).digest().expect("a digest");
        write("Dockerfile", "FROM x");
        let first = digest();
        write("Dockerfile", "FROM x");
        assert_eq!(digest(), first);
        write("a", "");
        let second = digest();
        write("a", "b");
        assert!(first != second && second != digest());
        let other = BuildFrom { target: Some("x".to_owned()), ..BuildFrom::folder(folder.path()) };
        assert_ne!(other.digest(), BuildFrom::folder(folder.path()).digest());
        assert!(BuildFrom::folder("/nowhere").digest().expect_err("nothing").contains("/nowhere"));
    }
}
