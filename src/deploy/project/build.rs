//! [`BuildFrom`]: an image that the deployment builds.

use crate::Map;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A local folder that a service's image is built from before its containers are created. Requires the feature `tar`.
///
/// With the feature `buildkit`, BuildKit builds it if the engine recommends that. The image is built again when the content of
/// the folder or one of these settings has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[must_use = "it does nothing until it is given to a service"]
pub struct BuildFrom {
    /// The folder, with its `.dockerignore`.
    pub context: PathBuf,
    /// The Dockerfile's path in the folder. Defaults to `Dockerfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// The stage to build. Defaults to the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The build arguments. They are visible in the image's history, so they must not hold secrets.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub args: Map<String>,
    /// Whether the image is pushed to its registry after the build. Defaults to `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub push: bool,
}

impl BuildFrom {
    /// Builds from this folder, with the Dockerfile in it.
    pub fn folder(context: impl Into<PathBuf>) -> Self {
        Self { context: context.into(), ..Self::default() }
    }

    /// Sets the Dockerfile's path in the folder. Defaults to `Dockerfile`.
    pub fn dockerfile(mut self, path: impl Into<String>) -> Self {
        self.dockerfile = Some(path.into());
        self
    }

    /// Sets the stage to build. Defaults to the last one.
    pub fn target(mut self, stage: impl Into<String>) -> Self {
        self.target = Some(stage.into());
        self
    }

    /// Adds a build argument. It is visible in the image's history, so it must not hold a secret.
    pub fn arg(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.args.insert(name, value);
        self
    }

    /// Pushes the image to its registry after the build. Defaults to `false`.
    pub fn push(mut self, push: bool) -> Self {
        self.push = push;
        self
    }

    /// Returns the digest of the folder and the settings. What the Dockerfile fetches is not part of it.
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

/// Hashes a file, a link or a folder with its content. Ignores times, since each checkout has others.
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
        let other = BuildFrom::folder(folder.path()).target("x");
        assert_ne!(other.digest(), BuildFrom::folder(folder.path()).digest());
        assert!(BuildFrom::folder("/nowhere").digest().expect_err("nothing").contains("/nowhere"));
    }
}
