//! [`Mount`]: a mount of a container to create.

use super::{BindOptions, ByteSize, ImageOptions, Propagation, TmpfsOptions, VolumeOptions};
use crate::wire::{is_default, open_enum};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// A mount of a container to create.
///
/// ```
/// use longshore::container::{MIB, Mount};
///
/// let data = Mount::volume("data", "/var/lib/data").read_only(true);
/// let run = Mount::tmpfs("/run").size(16 * MIB);
/// assert_eq!(serde_json::to_string(&run)?, r#"{"Target":"/run","Type":"tmpfs","TmpfsOptions":{"SizeBytes":16777216}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct Mount {
    /// The path in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// A path on the host, a volume's name or an image, depending on `kind`. Empty for an anonymous volume and a tmpfs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The type of the mount.
    #[serde(rename = "Type", skip_serializing_if = "is_default")]
    pub kind: MountType,
    /// Whether the mount is read-only.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only: bool,
    /// The consistency: `default`, `consistent`, `cached` or `delegated`. Has an effect on macOS only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consistency: String,
    /// Options of a bind mount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind_options: Option<BindOptions>,
    /// Options of a volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_options: Option<VolumeOptions>,
    /// Options of an image. Requires API 1.48 or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_options: Option<ImageOptions>,
    /// Options of a tmpfs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tmpfs_options: Option<TmpfsOptions>,
    /// Errors of setters whose argument cannot be parsed, such as a size of `512q`. Creating the container or service
    /// fails with the first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

open_enum! {
    /// The type of a mount.
    pub enum MountType {
        /// A file or directory of the host.
        Bind = "bind",
        /// A volume of a Swarm cluster. Requires API 1.42 or later.
        Cluster = "cluster",
        /// An image. Requires API 1.48 or later.
        Image = "image",
        /// A named pipe of a Windows host.
        NamedPipe = "npipe",
        /// An in-memory filesystem.
        Tmpfs = "tmpfs",
        /// A volume.
        Volume = "volume",
    }
}

impl Mount {
    /// Mounts a file or directory of the host. It must exist, unless [`create_source`](Self::create_source) is set.
    pub fn bind(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountType::Bind, source, target)
    }

    /// Mounts a volume. The engine creates it if it does not exist. An empty name creates an anonymous volume.
    pub fn volume(name: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountType::Volume, name, target)
    }

    /// Mounts an in-memory filesystem. Its contents are lost when the container stops.
    pub fn tmpfs(target: impl Into<String>) -> Self {
        Self::new(MountType::Tmpfs, "", target)
    }

    /// Mounts an image's files, read-only. Requires API 1.48 or later.
    pub fn image(image: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountType::Image, image, target)
    }

    fn new(kind: MountType, source: impl Into<String>, target: impl Into<String>) -> Self {
        Self { kind, source: source.into(), target: target.into(), ..Self::default() }
    }

    /// Makes the mount read-only. Defaults to `false`.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// Sets the propagation of mounts beneath a bind mount. Defaults to [`Propagation::RPrivate`].
    pub fn propagation(mut self, propagation: Propagation) -> Self {
        self.bind_options.get_or_insert_default().propagation = propagation;
        self
    }

    /// Creates a directory on the host if the source of a bind mount is missing. Defaults to `false`: a missing source
    /// is an error. Requires API 1.42 or later.
    pub fn create_source(mut self, create: bool) -> Self {
        self.bind_options.get_or_insert_default().create_mountpoint = create;
        self
    }

    /// Keeps a new volume empty instead of copying the image's files at the path into it. Defaults to `false`.
    pub fn no_copy(mut self, no_copy: bool) -> Self {
        self.volume_options.get_or_insert_default().no_copy = no_copy;
        self
    }

    /// Mounts one directory of a volume (requires API 1.45 or later) or an image (1.48 or later). Default: all of it.
    pub fn subpath(mut self, path: impl Into<String>) -> Self {
        if self.kind == MountType::Image {
            self.image_options.get_or_insert_default().subpath = path.into();
        } else {
            self.volume_options.get_or_insert_default().subpath = path.into();
        }
        self
    }

    /// Sets the size limit of a tmpfs, in bytes or as text: `64 * MIB` or `"64m"`. Defaults to half of the host's memory,
    /// and so does 0.
    pub fn size(mut self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        match size.try_into() {
            Ok(size) => self.tmpfs_options.get_or_insert_default().size_bytes = size.bytes(),
            Err(why) => self.invalid.push(why.to_string()),
        }
        self
    }

    /// Sets the permissions of a tmpfs, such as `0o700`. Defaults to `0o1777`. 0 is refused, because engines read it as the
    /// default: only [`ContainerSpec::tmpfs`](super::ContainerSpec::tmpfs) can set it.
    pub fn mode(mut self, mode: u32) -> Self {
        if mode == 0 {
            let why =
                "invalid tmpfs mode 0: engines read it as the default, 1777; for a container, use ContainerSpec::tmpfs";
            self.invalid.push(why.to_owned());
        }
        self.tmpfs_options.get_or_insert_default().mode = mode;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Mount, MountType};

    #[test]
    fn sends_what_is_set_alone() {
        let json = |mount: Mount| serde_json::to_string(&mount).expect("json");
        assert_eq!(json(Mount::volume("", "/d")), r#"{"Target":"/d","Type":"volume"}"#);
        assert_eq!(
            json(Mount::bind("/s", "/d").create_source(true)),
            r#"{"Target":"/d","Source":"/s","Type":"bind","BindOptions":{"CreateMountpoint":true}}"#
        );
        assert_eq!(
            json(Mount::image("nginx", "/d").subpath("etc")),
            r#"{"Target":"/d","Source":"nginx","Type":"image","ImageOptions":{"Subpath":"etc"}}"#
        );
    }

    #[test]
    fn reads_all_options_and_hides_those_of_drivers() {
        let json = r#"{"Type":"volume","Source":"nas","Target":"/d","VolumeOptions":{"Labels":null,"DriverConfig":
            {"Name":"local","Options":{"type":"cifs","o":"password=t0ps3cret"}}},"TmpfsOptions":{"Options":[["noexec"],["uid","1"]]}}"#;
        let mount: Mount = serde_json::from_str(json).expect("mount");
        assert_eq!(mount.kind, MountType::Volume);
        assert!(!format!("{mount:?}").contains("t0ps3cret"));
        let again = serde_json::to_string(&mount).expect("json");
        assert_eq!(serde_json::from_str::<Mount>(&again).expect("again"), mount);
    }
}
