//! The setters of a [`ContainerSpec`] for what is mounted.

use super::{ByteSize, ContainerSpec, Mount, MountOrBind};
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

    /// Mounts an in-memory filesystem, in the form of `docker run --tmpfs`: `/run` or `/run:size=64m,mode=1777`.
    ///
    /// With numbers instead: `mount(Mount::tmpfs("/run").size(64 * MIB))`. Default: no size limit.
    pub fn tmpfs(self, tmpfs: impl AsRef<str>) -> Self {
        let text = tmpfs.as_ref();
        let (target, options) = text.split_once(':').unwrap_or((text, ""));
        if !target.starts_with('/') {
            let why = format!("invalid tmpfs {text:?}: use an absolute path, such as /run or /run:size=64m,mode=1777");
            return self.set(Err::<(), _>(why), |_, ()| {});
        }
        self.set(as_mount(target, options), |spec, mount| match mount {
            Some(mount) => spec.host_config.mounts.push(mount),
            None => {
                spec.host_config.tmpfs.insert(target, options.to_owned());
            }
        })
    }

    /// Adds a mount of any type: a [`Mount`], or a text in the form of `docker run`'s `--volume` or `--mount`, such as
    /// `data:/data:ro`, `/srv:/srv:z` or `type=bind,source=/src,target=/dst`.
    ///
    /// As for the CLI, `/src:/dst` creates a missing directory on the host and is one of
    /// [`HostConfig::binds`](super::HostConfig::binds), and a source that begins with a dot is relative to the current
    /// directory of this process.
    pub fn mount(self, mount: impl TryInto<MountOrBind, Error: Display>) -> Self {
        self.set(mount.try_into(), |spec, mount| match mount {
            MountOrBind::Mount(mount) => spec.host_config.mounts.push(mount),
            MountOrBind::Bind(bind) => spec.host_config.binds.push(bind),
        })
    }

    /// Mounts the volumes of another container, given by name or ID. `:ro` behind it makes them read-only.
    pub fn volumes_from(mut self, container: impl Into<String>) -> Self {
        self.host_config.volumes_from.push(container.into());
        self
    }
}

/// Returns a tmpfs as a mount; `None` if it has options that only [`HostConfig::tmpfs`](super::HostConfig::tmpfs) has.
fn as_mount(target: &str, options: &str) -> Result<Option<Mount>, String> {
    let mut mount = Mount::tmpfs(target);
    for option in options.split(',').filter(|option| !option.is_empty()) {
        mount = match option.split_once('=') {
            Some(("size", size)) if !size.ends_with('%') => mount
                .size(size.parse::<ByteSize>().map_err(|error| format!("invalid tmpfs {target:?}: {error}"))?.bytes()),
            Some(("mode", mode)) => mount.mode(octal(mode).map_err(|why| format!("invalid tmpfs {target:?}: {why}"))?),
            _ => return Ok(None),
        };
    }
    Ok(Some(mount))
}

/// Parses permissions, such as `1777`.
pub(super) fn octal(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|_| !text.starts_with('+'));
    mode.ok_or_else(|| format!("the mode {text:?} is not octal, such as 1777"))
}

#[cfg(test)]
mod tests {
    use super::{ContainerSpec, Mount};

    #[test]
    fn a_tmpfs_is_a_mount_if_that_can_say_it() {
        let with = |text: &str| ContainerSpec::new("nginx").tmpfs(text);
        assert_eq!(with("/run").host_config.mounts, [Mount::tmpfs("/run")]);
        assert_eq!(
            with("/run:size=64m,mode=1777").host_config.mounts,
            [Mount::tmpfs("/run").size(64 << 20).mode(0o1777)]
        );
        for options in ["size=64m,noexec", "size=50%", "uid=1000"] {
            let host = with(&format!("/run:{options}")).host_config;
            assert_eq!((host.mounts.len(), host.tmpfs["/run"].as_str()), (0, options));
        }
        let wrong = |text: &str| with(text).check().expect_err(text);
        assert!(wrong("run:size=1m").contains("such as /run or /run:size=64m,mode=1777"));
        assert!(wrong("/run:size=x").contains("invalid size \"x\""));
        assert!(wrong("/run:mode=9").contains("is not octal"));
    }
}
