//! The container of a service's tasks, in the swarm's terms.

use crate::Map;
use crate::container::{ByteSize, ContainerSpec, Env, Mount, MountType};
use crate::deploy::plan::{Desired, DesiredService};
use crate::task::{DnsConfig, Privileges, TaskContainerSpec};
use std::time::Duration;

/// Returns the container of a service's tasks.
pub(super) fn container_of(
    desired: &Desired,
    service: &DesiredService,
    from: &ContainerSpec,
    labels: Map<String>,
) -> Result<TaskContainerSpec, String> {
    let (config, host) = (&from.config, &from.host_config);
    let mut env = config.env.clone();
    for variable in service.service.secrets.keys() {
        env.unset(variable);
        env.set(format!("{variable}_FILE"), format!("/run/secrets/{variable}"));
    }
    let env: Vec<String> = env.as_slice().iter().filter(|line| line.contains('=')).cloned().collect();
    let hosts = host.extra_hosts.iter().map(|line| match line.split_once(':') {
        Some((name, address)) => format!("{address} {name}"),
        None => line.clone(),
    });
    let dns =
        DnsConfig { nameservers: host.dns.clone(), search: host.dns_search.clone(), options: host.dns_options.clone() };
    Ok(TaskContainerSpec {
        image: config.image.clone(),
        labels,
        command: config.entrypoint.clone(),
        args: config.cmd.clone(),
        hostname: config.hostname.clone(),
        env: Env::from_iter(env),
        dir: config.working_dir.clone(),
        user: config.user.clone(),
        groups: host.group_add.clone(),
        privileges: privileges(from),
        tty: config.tty,
        open_stdin: config.open_stdin,
        read_only: host.readonly_rootfs,
        mounts: mounts(desired, from)?,
        stop_signal: config.stop_signal.as_ref().map(ToString::to_string).unwrap_or_default(),
        stop_grace_period: config.stop_timeout.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        health_check: config.healthcheck.clone(),
        hosts: hosts.collect(),
        dns_config: Some(dns).filter(|dns| *dns != DnsConfig::default()),
        oom_score_adj: host.oom_score_adj,
        isolation: host.isolation.clone(),
        init: host.init,
        sysctls: host.sysctls.clone(),
        capability_add: host.cap_add.clone(),
        capability_drop: host.cap_drop.clone(),
        ulimits: host.ulimits.clone(),
        ..TaskContainerSpec::default()
    })
}

/// Returns the mounts, including binds and tmpfs. Volumes that a node creates for the project carry the project's labels.
fn mounts(desired: &Desired, from: &ContainerSpec) -> Result<Vec<Mount>, String> {
    let binds = from.host_config.binds.iter().filter_map(|bind| {
        if let Ok(mount) = bind.parse() {
            return Some(mount);
        }
        // Services lack the SELinux options.
        let mut parts = bind.splitn(3, ':');
        let (source, target) = (parts.next()?, parts.next()?);
        let mount = if source.starts_with('/') { Mount::bind(source, target) } else { Mount::volume(source, target) };
        Some(mount.read_only(parts.next().is_some_and(|options| options.split(',').any(|option| option == "ro"))))
    });
    let tmpfs = from
        .host_config
        .tmpfs
        .iter()
        .map(|(target, options)| tmpfs(target, options).map_err(|why| format!("invalid tmpfs {target:?}: {why}")));
    let tmpfs = tmpfs.collect::<Result<Vec<_>, _>>()?;
    let mounts = from.host_config.mounts.iter().cloned().chain(binds).chain(tmpfs);
    let with_labels = mounts.map(|mut mount| {
        let known = desired.volumes.iter().find(|volume| volume.name == mount.source);
        if let (MountType::Volume, Some(volume)) = (&mount.kind, known) {
            let options = mount.volume_options.get_or_insert_default();
            options.labels = volume.labels.clone();
        }
        mount
    });
    Ok(with_labels.collect())
}

/// Returns a tmpfs as a mount. Options that have no field of their own are passed on.
fn tmpfs(target: &str, options: &str) -> Result<Mount, String> {
    let mut mount = Mount::tmpfs(target);
    for option in options.split(',').filter(|option| !option.is_empty()) {
        let parts: Vec<_> = option.splitn(2, '=').collect();
        mount = match parts.as_slice() {
            ["size", size] if !size.ends_with('%') => {
                mount.size(size.parse::<ByteSize>().map_err(|error| error.to_string())?.bytes())
            }
            ["mode", mode] => {
                let octal = u32::from_str_radix(mode, 8);
                mount.mode(octal.map_err(|_| format!("the mode {mode:?} is not octal, such as 1777"))?)
            }
            _ => {
                let option = parts.into_iter().map(str::to_owned).collect();
                mount.tmpfs_options.get_or_insert_default().options.push(option);
                mount
            }
        };
    }
    Ok(mount)
}

/// Returns the security options that a swarm supports.
fn privileges(from: &ContainerSpec) -> Option<Privileges> {
    let options = from.host_config.security_opt.iter();
    let no_new_privileges = options.filter_map(|option| no_new_privileges(option)).next_back()?;
    no_new_privileges.then(|| Privileges { no_new_privileges, ..Privileges::default() })
}

/// Parses the security option `no-new-privileges`. Returns `None` for others.
pub(super) fn no_new_privileges(option: &str) -> Option<bool> {
    match option.strip_prefix("no-new-privileges")? {
        "" | ":true" | "=true" => Some(true),
        ":false" | "=false" => Some(false),
        _ => None,
    }
}
