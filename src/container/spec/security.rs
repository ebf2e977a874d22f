//! The setters of a [`ContainerSpec`] that give privileges or take them: capabilities, security options, namespaces.

use super::{CgroupnsMode, ContainerSpec};
use serde::de::IgnoredAny;

impl ContainerSpec {
    /// Gives the container all privileges of the host. Defaults to `false`.
    pub fn privileged(mut self, privileged: bool) -> Self {
        self.host_config.privileged = privileged;
        self
    }

    /// Makes the root filesystem read-only. Defaults to `false`.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.host_config.readonly_rootfs = read_only;
        self
    }

    /// Adds a kernel capability, such as `NET_ADMIN`.
    pub fn cap_add(mut self, capability: impl Into<String>) -> Self {
        self.host_config.cap_add.push(capability.into());
        self
    }

    /// Drops a kernel capability, such as `CHOWN`, or `ALL`.
    pub fn cap_drop(mut self, capability: impl Into<String>) -> Self {
        self.host_config.cap_drop.push(capability.into());
        self
    }

    /// Adds a security option in the form of `docker run --security-opt`, such as `no-new-privileges`,
    /// `apparmor=unconfined` or `seccomp=/etc/profile.json`.
    ///
    /// A seccomp profile is a file of this machine, which is read at once: the engine gets its JSON. If that fails,
    /// creating the container returns the error. `unconfined`, `builtin` and JSON are sent as they are.
    /// `systempaths=unconfined` clears [`masked_paths`](super::HostConfig::masked_paths) and
    /// [`readonly_paths`](super::HostConfig::readonly_paths), as the CLI does.
    pub fn security_opt(self, option: impl Into<String>) -> Self {
        self.set(security_option(option.into()), |spec, option| match option.as_str() {
            "systempaths=unconfined" => {
                spec.host_config.masked_paths = Some(Vec::new());
                spec.host_config.readonly_paths = Some(Vec::new());
            }
            _ => spec.host_config.security_opt.push(option),
        })
    }

    /// Sets a kernel parameter, such as `net.core.somaxconn`.
    pub fn sysctl(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.host_config.sysctls.insert(name, value.into());
        self
    }

    /// Adds the process to a group, by name or ID.
    pub fn group_add(mut self, group: impl Into<String>) -> Self {
        self.host_config.group_add.push(group.into());
        self
    }

    /// Sets the IPC namespace: `none`, `private`, `shareable`, `host` or `container:<name or id>`. Defaults to the
    /// engine's choice.
    pub fn ipc_mode(mut self, mode: impl Into<String>) -> Self {
        self.host_config.ipc_mode = mode.into();
        self
    }

    /// Sets the PID namespace: `host` or `container:<name or id>`. Defaults to a private one.
    pub fn pid_mode(mut self, mode: impl Into<String>) -> Self {
        self.host_config.pid_mode = mode.into();
        self
    }

    /// Sets the user namespace: `host`. Defaults to the engine's choice.
    pub fn userns_mode(mut self, mode: impl Into<String>) -> Self {
        self.host_config.userns_mode = mode.into();
        self
    }

    /// Sets the UTS namespace, which has the host name: `host`. Defaults to a private one.
    pub fn uts_mode(mut self, mode: impl Into<String>) -> Self {
        self.host_config.uts_mode = mode.into();
        self
    }

    /// Sets the cgroup namespace: `private` or `host`. Defaults to the engine's choice.
    pub fn cgroupns_mode(mut self, mode: impl Into<CgroupnsMode>) -> Self {
        self.host_config.cgroupns_mode = mode.into();
        self
    }
}

/// Checks a security option, and puts the content of a seccomp profile in place of its path.
fn security_option(option: String) -> Result<String, String> {
    let (name, value) = option.split_once('=').or_else(|| option.split_once(':')).unwrap_or((&option, ""));
    if value.is_empty() && name != "no-new-privileges" {
        return Err(format!("invalid security option {option:?}: use name=value, such as apparmor=unconfined"));
    }
    if name != "seccomp" || matches!(value, "unconfined" | "builtin") || value.starts_with('{') {
        return Ok(option);
    }
    let text = std::fs::read_to_string(value).map_err(|error| {
        format!("cannot read the seccomp profile {value}: {error}: use a path, unconfined or builtin")
    })?;
    // Its text stays as it is: decoding it would change numbers that fit no type of Rust.
    serde_json::from_str::<IgnoredAny>(&text)
        .map_err(|error| format!("the seccomp profile {value} is not valid JSON: {error}"))?;
    Ok(format!("seccomp={}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::ContainerSpec;

    #[test]
    fn seccomp_profiles_are_sent_as_json() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let with = |option: &str| ContainerSpec::new("nginx").security_opt(option);
        let path = format!("seccomp={}", file.path().display());
        let profile = "{\n  \"defaultAction\": \"SCMP_ACT_ALLOW\", \"x\": 36893488147419103232\n}";
        std::fs::write(file.path(), format!("{profile}\n")).expect("written");
        assert_eq!(with(&path).host_config.security_opt, [format!("seccomp={profile}")]);
        let json = r#"seccomp={"defaultAction":"SCMP_ACT_ALLOW"}"#;
        for option in [json, "seccomp=unconfined", "seccomp=builtin", "no-new-privileges", "label:disable"] {
            assert_eq!(with(option).host_config.security_opt, [option]);
        }
        std::fs::write(file.path(), "{").expect("written");
        let wrong = |option: &str| with(option).check().expect_err(option);
        assert!(wrong(&path).contains("is not valid JSON"));
        assert!(wrong("seccomp=/nowhere/p.json").starts_with("cannot read the seccomp profile /nowhere/p.json: "));
        for option in ["", "seccomp=", "apparmor"] {
            assert!(wrong(option).ends_with("use name=value, such as apparmor=unconfined"), "{option}");
        }
    }

    #[test]
    fn system_paths_are_the_clients_own_option() {
        let host = ContainerSpec::new("nginx").security_opt("systempaths=unconfined").host_config;
        assert_eq!((host.security_opt, host.masked_paths, host.readonly_paths), (vec![], Some(vec![]), Some(vec![])));
    }
}
