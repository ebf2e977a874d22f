//! [`File`]: a file that is copied into containers.

use crate::Upload;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// A file that is copied into the containers of a [`Service`](super::Service) or [`Run`](super::Run) before they start.
/// Requires the feature `tar`.
///
/// Its content is part of a service's configuration: if it changes, the containers are replaced.
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
    /// The permissions. Defaults to `0o644`.
    #[serde(default = "default_mode")]
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
    if let Some(path) = files.iter().map(|file| &file.path).find(|path| !is_path_of_file(path)) {
        return Err(format!("files: the path {path:?} must be absolute, without `..`, and name a file"));
    }
    if !files.is_empty() && !cfg!(feature = "tar") {
        return Err("files need the feature `tar`, which is not enabled".to_owned());
    }
    Ok(())
}

fn is_path_of_file(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("") && parts.all(|part| part != "..") && !path.ends_with('/') && !path.ends_with("/.")
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

#[cfg(not(feature = "tar"))]
#[allow(clippy::unnecessary_wraps, reason = "it may fail, with the feature")]
pub(super) fn archive(_: &[(File, Vec<u8>)]) -> Result<Option<Upload>, String> {
    Ok(None) // validation has refused files before
}
