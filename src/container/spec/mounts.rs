//! The setters of a [`ContainerSpec`] for what is mounted.

use super::{ByteSize, ContainerSpec, Mount, MountOrBind, ParseByteSizeError};
use std::fmt::Display;

impl ContainerSpec {
    /// Mounts a file or directory of the engine's host, which must exist.
    pub fn bind(self, source: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::bind(source, target))
    }

    /// Mounts a file or directory of the engine's host read-only. It must exist.
    pub fn bind_read_only(self, source: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::bind(source, target).read_only(true))
    }

    /// Mounts a volume. The engine creates it if it does not exist.
    pub fn volume(self, name: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::volume(name, target))
    }

    /// Mounts an in-memory filesystem, in the form of `docker run --tmpfs`: `/run` or `/run:size=64m,mode=1777`. The last
    /// one of a path wins.
    ///
    /// The options are those of Linux. The size defaults to half of the host's memory, and 0 means no limit. With numbers
    /// instead: `mount(Mount::tmpfs("/run").size(64 * MIB))`.
    pub fn tmpfs(self, tmpfs: impl AsRef<str>) -> Self {
        let text = tmpfs.as_ref();
        let (target, options) = text.split_once(':').unwrap_or((text, ""));
        if !target.starts_with('/') {
            let why = format!("invalid tmpfs {text:?}: use an absolute path, such as /run or /run:size=64m,mode=1777");
            return self.set(Err::<(), _>(why), |_, ()| {});
        }
        let options = tmpfs_options(options).map_err(|why| format!("invalid tmpfs {target:?}: {why}"));
        self.set(options, |spec, options| drop(spec.host_config.tmpfs.insert(target, options)))
    }

    /// Adds a mount of any type: a [`Mount`], or a text in the form of `docker run`'s `--volume` or `--mount`, such as
    /// `data:/data:ro`, `/srv:/srv:z` or `type=bind,source=/src,target=/dst`.
    ///
    /// As for the CLI, `/src:/dst` creates a missing directory on the host and is one of
    /// [`HostConfig::binds`](super::HostConfig::binds), and a source that begins with a dot is relative to the current
    /// directory of this process. A path alone, such as `/data`, gets an anonymous volume, and is one of
    /// [`ContainerConfig::volumes`](super::ContainerConfig::volumes).
    pub fn mount(self, mount: impl TryInto<MountOrBind, Error: Display>) -> Self {
        self.set(mount.try_into(), |spec, mount| match mount {
            MountOrBind::Mount(mount) => spec.host_config.mounts.push(mount),
            MountOrBind::Bind(bind) => spec.host_config.binds.push(bind),
            MountOrBind::AnonymousVolume(path) if spec.config.volumes.contains(&path) => {}
            MountOrBind::AnonymousVolume(path) => spec.config.volumes.push(path),
        })
    }

    /// Mounts the volumes of another container, given by name or ID. `:ro` behind it makes them read-only.
    pub fn volumes_from(mut self, container: impl Into<String>) -> Self {
        self.host_config.volumes_from.push(container.into());
        self
    }
}

/// Checks the options of a tmpfs, and writes its size in bytes: the kernel has fewer forms of sizes.
fn tmpfs_options(options: &str) -> Result<String, String> {
    let options = options.split(',').filter(|option| !option.is_empty()).map(|option| match option.split_once('=') {
        Some(("size", size)) if !size.ends_with('%') => {
            let size: ByteSize = size.parse().map_err(|error: ParseByteSizeError| error.to_string())?;
            if size.bytes() < 0 {
                return Err(format!("invalid size {}", size.bytes()));
            }
            Ok(format!("size={}", size.bytes()))
        }
        Some(("mode", mode)) => octal(mode).map(|_| option.to_owned()),
        _ => Ok(option.to_owned()),
    });
    Ok(options.collect::<Result<Vec<_>, String>>()?.join(","))
}

/// Parses permissions, such as `1777`.
pub(super) fn octal(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|_| !text.starts_with('+'));
    mode.ok_or_else(|| format!("the mode {text:?} is not octal, such as 1777"))
}

#[cfg(test)]
mod tests {
    use super::ContainerSpec;

    #[test]
    fn a_tmpfs_keeps_its_options() {
        let with = |text: &str| ContainerSpec::new("nginx").tmpfs(text);
        for (options, sent) in [
            ("", ""),
            ("size=64m,mode=1777", "size=67108864,mode=1777"),
            ("size=1.5k,noexec", "size=1536,noexec"),
            ("mode=0,size=0", "mode=0,size=0"),
            ("size=50%,uid=1000", "size=50%,uid=1000"),
        ] {
            let host = with("/run:mode=700").tmpfs(format!("/run:{options}")).host_config;
            assert_eq!((host.mounts.len(), host.tmpfs.len(), host.tmpfs["/run"].as_str()), (0, 1, sent));
        }
        assert_eq!(with("/run").host_config.tmpfs["/run"], "");
        let wrong = |text: &str| with(text).check().expect_err(text);
        assert!(wrong("run:size=1m").contains("such as /run or /run:size=64m,mode=1777"));
        assert!(wrong("/run:size=x").contains("invalid size \"x\""));
        assert!(wrong("/run:size=-1").contains("invalid size -1"));
        assert!(wrong("/run:mode=9").contains("is not octal"));
    }

    #[test]
    fn a_path_alone_gets_an_anonymous_volume() {
        let spec = ContainerSpec::new("nginx").mount("/data").mount("/data").mount("type=volume,target=/cache");
        assert_eq!(spec.config.volumes, ["/data"]);
        assert_eq!(spec.host_config.mounts, [super::Mount::volume("", "/cache")]);
    }
}
