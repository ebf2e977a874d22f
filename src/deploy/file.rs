//! [`File`]: a file that is copied into containers.

use crate::Upload;
use crate::container::{Container, HostConfig, MountType};
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// A file that is copied into the containers of a [`Service`](super::Service) or [`Run`](super::Run) before they start.
/// Requires the feature `tar`.
///
/// Its content is part of a service's configuration: if it changes, the containers are replaced.
///
/// On a single engine, a file cannot be on a volume, a host folder or a tmpfs. Other containers would see it there, and a tmpfs is
/// empty when the container starts.
///
/// ```
/// use longshore::deploy::{File, Service};
///
/// let web = Service::new("nginx:1.27")
///     .file(File::new("/etc/nginx/conf.d/health.conf", "location /health { return 204; }"))
///     .file(File::local("/etc/ssl/web.key", "web.key").mode(0o600).owner(101, 101));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "it does nothing until it is given to a service or a run"]
pub struct File {
    /// The absolute path in the container.
    pub path: String,
    /// The content.
    pub content: Content,
    /// The permissions. Defaults to `0o644`. In files, octal text such as `"0644"`, or a number: `644` without quotes is decimal.
    #[serde(default = "default_mode", serialize_with = "write_mode", deserialize_with = "read_mode")]
    pub mode: u32,
    /// The ID of the owning user. Defaults to 0.
    #[serde(default)]
    pub user: u64,
    /// The ID of the owning group. Defaults to 0.
    #[serde(default)]
    pub group: u64,
}

/// The content of a [`File`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Content {
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The content of this file on the local machine.
    Local(PathBuf),
}

fn default_mode() -> u32 {
    0o644
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn write_mode<S: Serializer>(mode: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{mode:04o}"))
}

fn read_mode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    struct Mode;

    impl Visitor<'_> for Mode {
        type Value = u32;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("permissions such as \"0644\"")
        }

        fn visit_str<E: Error>(self, octal: &str) -> Result<u32, E> {
            u32::from_str_radix(octal, 8).map_err(|_| E::invalid_value(Unexpected::Str(octal), &self))
        }

        fn visit_u64<E: Error>(self, mode: u64) -> Result<u32, E> {
            u32::try_from(mode).map_err(|_| E::invalid_value(Unexpected::Unsigned(mode), &self))
        }

        fn visit_i64<E: Error>(self, mode: i64) -> Result<u32, E> {
            u32::try_from(mode).map_err(|_| E::invalid_value(Unexpected::Signed(mode), &self))
        }
    }

    deserializer.deserialize_any(Mode)
}

impl File {
    /// Creates a file with this text or these bytes.
    pub fn new(path: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { path: path.into(), content: content.into(), mode: default_mode(), user: 0, group: 0 }
    }

    /// Copies a file from the local machine.
    pub fn local(path: impl Into<String>, local: impl Into<PathBuf>) -> Self {
        Self::new(path, Content::Local(local.into()))
    }

    /// Sets the permissions. Defaults to `0o644`.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the IDs of the owning user and group. Default: 0 and 0.
    pub fn owner(mut self, user: u64, group: u64) -> Self {
        (self.user, self.group) = (user, group);
        self
    }

    /// Reads the content.
    fn read(&self) -> Result<Vec<u8>, String> {
        match &self.content {
            Content::Text(text) => Ok(text.clone().into_bytes()),
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Local(path) => {
                std::fs::read(path).map_err(|error| format!("the file {}: {error}", path.display()))
            }
        }
    }
}

impl Default for File {
    /// An empty file without a path.
    fn default() -> Self {
        Self::new("", Content::default())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl Default for Content {
    /// No content.
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl fmt::Debug for Content {
    /// Hides the content, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Local(path) => f.debug_tuple("Local").field(path).finish(),
        }
    }
}

/// Checks the files that are copied into containers.
pub(super) fn check(files: &[File]) -> Result<(), String> {
    let mut paths = BTreeSet::new();
    for File { path, mode, .. } in files {
        if !is_path_of_file(path) {
            return Err(format!("files: the path {path:?} must be absolute, without `..`, and name a file"));
        }
        if !paths.insert(parts(path).collect::<Vec<_>>()) {
            return Err(format!("files: there are two files with the path {path:?}"));
        }
        if *mode > 0o7777 {
            return Err(format!(
                "files: {path}: invalid mode 0o{mode:o}: use permissions of at most 0o7777, such as 0o644"
            ));
        }
    }
    if !files.is_empty() && !cfg!(feature = "tar") {
        return Err("files need the feature `tar`, which is not enabled".to_owned());
    }
    Ok(())
}

fn is_path_of_file(path: &str) -> bool {
    let is_file = !path.ends_with('/') && !path.ends_with("/.");
    path.starts_with('/') && is_file && !path.contains('\0') && parts(path).all(|part| part != "..")
}

/// Returns the folders of a path in a container, and its last part.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// Checks that no file is on a mount. It would overwrite what another container uses, or vanish when the container starts.
pub(super) fn check_mounts(files: &[File], host: &HostConfig) -> Result<(), String> {
    // An anonymous volume is the container's own.
    let mounts = host.mounts.iter().filter(|mount| mount.kind != MountType::Volume || !mount.source.is_empty());
    let mounts = mounts.map(|mount| mount.target.as_str());
    let binds = host.binds.iter().filter_map(|bind| bind.rsplit_once(":/")?.1.split(':').next());
    for target in mounts.chain(binds).chain(host.tmpfs.keys()) {
        let is_below = |file: &&File| {
            let mut folders = parts(&file.path);
            parts(target).all(|part| folders.next() == Some(part))
        };
        if let Some(File { path, .. }) = files.iter().find(is_below) {
            let target = parts(target).collect::<Vec<_>>().join("/");
            return Err(format!(
                "files: {path} is on the mount at /{target}, which is not part of the container: choose another path or mount"
            ));
        }
    }
    Ok(())
}

/// Reads the contents of files.
pub(super) fn read(files: &[File]) -> Result<Vec<(File, Vec<u8>)>, String> {
    files.iter().map(|file| Ok((file.clone(), file.read()?))).collect()
}

/// Returns files as a tar archive, to be unpacked at the root. `None` if there are none.
#[cfg(feature = "tar")]
pub(super) fn archive(files: &[(File, Vec<u8>)]) -> Result<Option<Upload>, String> {
    if files.is_empty() {
        return Ok(None);
    }
    let mut archive = tar::Builder::new(Vec::new());
    for (file, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(file.mode);
        header.set_uid(file.user);
        header.set_gid(file.group);
        let added = archive.append_data(&mut header, file.path.trim_start_matches('/'), content.as_slice());
        added.map_err(|error| format!("files: {}: {error}", file.path))?;
    }
    let archive = archive.into_inner().map_err(|error| format!("files: {error}"))?;
    Ok(Some(archive.into()))
}

/// Copies an archive of files into a container.
pub(super) async fn copy(container: &Container, files: Upload) -> crate::Result<()> {
    // Otherwise a file replaces a folder of the same name, with all that is in it.
    container.put_archive("/", files).no_overwrite_dir_non_dir(true).await
}

#[cfg(not(feature = "tar"))]
#[allow(clippy::unnecessary_wraps, reason = "it may fail, with the feature")]
pub(super) fn archive(_: &[(File, Vec<u8>)]) -> Result<Option<Upload>, String> {
    Ok(None) // validation has refused files before
}
