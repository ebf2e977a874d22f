//! Parses mounts in the docker CLI's forms: `data:/data:ro` or `type=bind,source=/src,target=/dst`.

use super::Mount;
use super::mount_fields::from_fields;
use super::mount_short::Short;
use crate::wire::from_text;
use std::path::{Component, Path};
use std::str::FromStr;

/// The error of parsing a [`Mount`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid mount {text:?}: {why}")]
pub struct ParseMountError {
    text: String,
    why: String,
}

impl ParseMountError {
    /// Keeps the text, except for options of a volume driver, which may be secrets.
    fn new(text: &str, why: String) -> Self {
        let shown = match text.to_ascii_lowercase().find("volume-opt") {
            Some(at) => format!("{}volume-opt=…", text.get(..at).unwrap_or_default()),
            None => text.chars().take(200).collect(),
        };
        Self { text: shown, why }
    }
}

/// What [`ContainerSpec::mount`](super::ContainerSpec::mount) adds: a [`Mount`], a bind mount as text, or the path of an
/// anonymous volume.
///
/// The engine's bind texts can say what its mounts cannot: the SELinux options `z` and `Z`, and to create a missing
/// directory of the host with any API version. An anonymous volume gives way to a volume that
/// [`volumes_from`](super::ContainerSpec::volumes_from) mounts at its path, and a mount does not.
#[allow(clippy::large_enum_variant, reason = "it is moved once")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountOrBind {
    /// A mount, one of [`HostConfig::mounts`](super::HostConfig::mounts).
    Mount(Mount),
    /// A text such as `/srv:/srv:z`, one of [`HostConfig::binds`](super::HostConfig::binds).
    Bind(String),
    /// A path such as `/data`, one of [`ContainerConfig::volumes`](super::ContainerConfig::volumes).
    AnonymousVolume(String),
}

impl From<Mount> for MountOrBind {
    fn from(mount: Mount) -> Self {
        Self::Mount(mount)
    }
}

impl FromStr for MountOrBind {
    type Err = ParseMountError;

    /// Parses the values that the docker CLI takes for `--volume` and `--mount`.
    fn from_str(text: &str) -> Result<Self, ParseMountError> {
        let parsed = if has_fields(text) {
            from_fields(text).map(Self::Mount)
        } else {
            Short::parse(text).and_then(Short::into_mount_or_bind)
        };
        parsed.map_err(|why| ParseMountError::new(text, why))
    }
}

impl FromStr for Mount {
    type Err = ParseMountError;

    /// Parses the values that the docker CLI takes for `--volume` and `--mount`. The SELinux options `z` and `Z` are an
    /// error: the API's mounts lack them.
    fn from_str(text: &str) -> Result<Self, ParseMountError> {
        let parsed = if has_fields(text) { from_fields(text) } else { Short::parse(text).and_then(Short::into_mount) };
        parsed.map_err(|why| ParseMountError::new(text, why))
    }
}

from_text!(MountOrBind);
from_text!(Mount);

/// Returns whether a text has the form of `--mount`: a field's name precedes the first `=`.
fn has_fields(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| !name.contains(['/', '\\', ':', '.']))
}

/// Returns whether a path is absolute on a Unix or a Windows host.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\'])
        || matches!(path.as_bytes(), [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic())
}

/// Resolves a path that begins with a dot by this process's current directory. Others are returned as they are.
pub(super) fn resolved(path: &str) -> Result<String, String> {
    if !path.starts_with('.') {
        return Ok(path.to_owned());
    }
    let cannot = |why: &str| format!("the path {path:?} cannot be resolved: {why}: use an absolute path");
    let mut absolute = std::env::current_dir().map_err(|error| cannot(&error.to_string()))?;
    for part in Path::new(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            part => absolute.push(part),
        }
    }
    absolute.into_os_string().into_string().map_err(|_| cannot("the current directory is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::{Mount, MountOrBind};

    #[test]
    fn paths_with_an_equals_sign_are_paths() {
        assert_eq!("/a=b:/c".parse(), Ok(MountOrBind::Bind("/a=b:/c".to_owned())));
        assert_eq!("target=/a:b".parse(), Ok(Mount::volume("", "/a:b")));
    }

    #[test]
    fn options_of_drivers_are_never_shown() {
        for text in [
            "type=volume,target=x,volume-opt=o=password=s3cret",
            r#"type=volume,target=/x,"Volume-Opt=o=s3cret"#,
            "type=volume,target=/x,volume-opt=o=password=a,s3cret",
            "type=volume,target=/x,volume-opt=o=password=a,s3cret=b",
        ] {
            let error = text.parse::<Mount>().expect_err(text);
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
