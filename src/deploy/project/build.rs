//! [`BuildFrom`]: an image that the deployment builds.

use crate::Map;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A local folder that a service's image is built from before its containers are created. Requires the feature `tar`.
///
/// With the feature `buildkit`, BuildKit builds it if the engine recommends that. The image is built again when the content of
/// the folder, without what its `.dockerignore` excludes, or one of these settings has changed. The folder's own path and the
/// times of its files do not matter.
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
    ///
    /// Each plan asks the registry for the image, and pushes it again if the registry does not have it. Podman cannot ask. It
    /// pushes only after a build.
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

    /// Adds build arguments. They are visible in the image's history, so they must not hold secrets.
    pub fn args<K: Into<String>, V: Into<String>>(self, args: impl IntoIterator<Item = (K, V)>) -> Self {
        args.into_iter().fold(self, |build, (name, value)| build.arg(name, value))
    }

    /// Pushes the image to its registry after the build. Defaults to `false`.
    pub fn push(mut self, push: bool) -> Self {
        self.push = push;
        self
    }

    /// Returns the digest of the settings and of what the build uses of the folder. What the Dockerfile fetches is not part of it.
    #[cfg(feature = "tar")]
    pub(in crate::deploy) fn digest(&self) -> Result<String, String> {
        let mut hashing = Hashing(hmac_sha256::Hash::new());
        let settings = serde_json::json!([self.dockerfile, self.target, self.args]);
        hashing.0.update(settings.to_string());
        crate::image::write_content(&self.context, self.dockerfile.as_deref(), &mut hashing)
            .map_err(|why| format!("build: {why}"))?;
        Ok(crate::wire::hex(&hashing.0.finalize()))
    }

    #[cfg(not(feature = "tar"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "it may fail, with the feature")]
    pub(in crate::deploy) fn digest(&self) -> Result<String, String> {
        Ok(String::new()) // validation has refused it before
    }
}

#[cfg(feature = "tar")]
struct Hashing(hmac_sha256::Hash);

#[cfg(feature = "tar")]
impl std::io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<P: AsRef<Path>> From<P> for BuildFrom {
    fn from(context: P) -> Self {
        Self::folder(context.as_ref())
    }
}

#[cfg(all(test, feature = "tar"))]
mod tests {
    use super::BuildFrom;
    use std::fs;
    use std::path::Path;
    use tempfile::TempDir;

    /// Creates a folder with these files.
    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            write(folder.path(), name, content);
        }
        folder
    }

    fn write(folder: &Path, name: &str, content: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, content).expect("written");
    }

    fn digest(folder: &Path) -> String {
        BuildFrom::folder(folder).digest().expect("a digest")
    }

    #[test]
    fn changes_with_what_is_in_the_folder_and_not_with_its_times() {
        let folder = folder(&[("Dockerfile", "FROM x")]);
        let write = |name: &str, text: &str| write(folder.path(), name, text);
        let digest = || digest(folder.path());
        let first = digest();
        write("Dockerfile", "FROM x");
        assert_eq!(digest(), first);
        write("a", "");
        let second = digest();
        write("a", "b");
        assert!(first != second && second != digest());
        let args = BuildFrom::folder(folder.path()).args([("A", "1"), ("B", "2")]);
        assert_eq!(args, BuildFrom::folder(folder.path()).arg("A", "1").arg("B", "2"));
        let other = BuildFrom::folder(folder.path()).target("x");
        assert_ne!(other.digest(), BuildFrom::folder(folder.path()).digest());
        assert!(BuildFrom::folder("/nowhere").digest().expect_err("nothing").contains("/nowhere"));
    }

    #[test]
    fn the_same_content_has_the_same_digest_wherever_it_is() {
        let content = [("Dockerfile", "FROM x"), ("src/main.rs", "fn main() {}")];
        let (one, two) = (folder(&content), folder(&content));
        assert_eq!(digest(one.path()), digest(two.path()));
        assert_eq!(digest(one.path()), digest(&one.path().join("src/..")));
    }

    #[test]
    fn ignored_files_do_not_matter() {
        let folder = folder(&[("Dockerfile", "FROM x"), (".dockerignore", "target\n!target/bin"), ("target/bin", "1")]);
        let first = digest(folder.path());
        write(folder.path(), "target/debug/log", "x");
        assert_eq!(digest(folder.path()), first);
        write(folder.path(), "target/bin", "2");
        assert_ne!(digest(folder.path()), first);
    }

    #[cfg(unix)]
    #[test]
    fn symlinked_folders_and_distant_dockerfiles_are_read() {
        let (folder, links) = (folder(&[("app/Dockerfile", "FROM x"), ("Dockerfile", "FROM y")]), folder(&[]));
        let link = links.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("app"), &link).expect("a link");
        let first = digest(&link);
        assert_eq!(first, digest(&folder.path().join("app")));
        write(folder.path(), "app/a", "");
        assert_ne!(digest(&link), first);

        let outside = || BuildFrom::folder(&link).dockerfile("../Dockerfile").digest().expect("a digest");
        let first = outside();
        write(folder.path(), "Dockerfile", "FROM z");
        assert_ne!(outside(), first);
    }

    #[cfg(unix)]
    #[test]
    fn of_the_modes_only_executability_matters() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder(&[("Dockerfile", "FROM x"), ("run", "")]);
        let with = |mode| {
            fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(mode)).expect("a mode");
            digest(folder.path())
        };
        assert_eq!(with(0o644), with(0o664));
        assert_ne!(with(0o644), with(0o755));
    }
}
