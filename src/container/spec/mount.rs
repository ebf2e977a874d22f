//! [`Mount`]: what is mounted in a container, as it is asked for.

use super::{BindOptions, ImageOptions, Propagation, TmpfsOptions, VolumeOptions};
use crate::wire::{is_default, open_enum};
use serde::{Deserialize, Serialize};

/// What is mounted in a container, as it is asked for.
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
    /// Where it is in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// A path of the host, a volume's name or an image, by `kind`; empty for an anonymous volume and a tmpfs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// What is mounted.
    #[serde(rename = "Type", skip_serializing_if = "is_default")]
    pub kind: MountType,
    /// Whether it can only be read.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only: bool,
    /// `default`, `consistent`, `cached` or `delegated`; macOS alone heeds it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consistency: String,
    /// What can be said of a bind mount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind_options: Option<BindOptions>,
    /// What can be said of a volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_options: Option<VolumeOptions>,
    /// What can be said of an image. Since API 1.48.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_options: Option<ImageOptions>,
    /// What can be said of a tmpfs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tmpfs_options: Option<TmpfsOptions>,
}

open_enum! {
    /// What is mounted in a container.
    pub enum MountType {
        /// A file or directory of the host.
        Bind = "bind",
        /// A volume of a Swarm cluster. Since API 1.42.
        Cluster = "cluster",
        /// An image. Since API 1.48.
        Image = "image",
        /// A named pipe of a Windows host.
        NamedPipe = "npipe",
        /// A filesystem in memory.
        Tmpfs = "tmpfs",
        /// A volume.
        Volume = "volume",
    }
}

impl Mount {
    /// A file or directory of the host, that must be there: see [`create_source`](Self::create_source).
    pub fn bind(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountType::Bind, source, target)
    }

    /// A volume, which is made if there is none of that name; an empty name makes an anonymous one.
    pub fn volume(name: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountType::Volume, name, target)
    }

    /// A filesystem in memory, which is gone with the container's run.
    pub fn tmpfs(target: impl Into<String>) -> Self {
        Self::new(MountType::Tmpfs, "", target)
    }

    /// An image's files, that cannot be changed. Since API 1.48.
    pub fn image(image: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountType::Image, image, target)
    }

    fn new(kind: MountType, source: impl Into<String>, target: impl Into<String>) -> Self {
        Self { kind, source: source.into(), target: target.into(), ..Self::default() }
    }

    /// Whether it can only be read; by default not.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// How mounts beneath a bind mount are passed on; [`Propagation::RPrivate`] if not set.
    pub fn propagation(mut self, propagation: Propagation) -> Self {
        self.bind_options.get_or_insert_default().propagation = propagation;
        self
    }

    /// Whether a directory is made on the host if a bind mount's source is missing; by default that is an error.
    /// Since API 1.42.
    pub fn create_source(mut self, create: bool) -> Self {
        self.bind_options.get_or_insert_default().create_mountpoint = create;
        self
    }

    /// Whether a new volume stays empty, and does not get what the image has at the path; by default it does.
    pub fn no_copy(mut self, no_copy: bool) -> Self {
        self.volume_options.get_or_insert_default().no_copy = no_copy;
        self
    }

    /// Which directory of a volume (since API 1.45) or an image (since API 1.48) is mounted; all of it if not set.
    pub fn subpath(mut self, path: impl Into<String>) -> Self {
        if self.kind == MountType::Image {
            self.image_options.get_or_insert_default().subpath = path.into();
        } else {
            self.volume_options.get_or_insert_default().subpath = path.into();
        }
        self
    }

    /// How many bytes a tmpfs may hold: `64 * MIB`; any number if not set.
    pub fn size(mut self, bytes: i64) -> Self {
        self.tmpfs_options.get_or_insert_default().size_bytes = bytes;
        self
    }

    /// The permissions of a tmpfs, such as `0o700`; `0o1777` if not set.
    pub fn mode(mut self, mode: u32) -> Self {
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
