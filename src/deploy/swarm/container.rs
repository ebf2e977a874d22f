//! The container of a service's tasks, in the swarm's terms.

use crate::Map;
use crate::container::{ContainerSpec, Mount, MountType, VolumeDriver};
use crate::deploy::plan::{Desired, DesiredService};
use crate::task::{DnsConfig, Privileges, TaskContainerSpec};
use std::time::Duration;

/// Returns the container of a service's tasks.
#[inline] // generates code only in crates that deploy
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
    let env = env.as_slice().iter().map(|line| match line.split_once('=') {
        Some((name, value)) => format!("{name}={}", literal(value)),
        None => line.clone(), // it removes a variable of the image
    });
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
        hostname: literal(&config.hostname),
        env: env.collect(),
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

/// Returns the mounts, including binds, tmpfs and anonymous volumes. A node creates the project's volumes as the project
/// describes them.
fn mounts(desired: &Desired, from: &ContainerSpec) -> Result<Vec<Mount>, String> {
    let binds = from
        .host_config
        .binds
        .iter()
        .map(|bind| without_selinux(bind).parse::<Mount>().map_err(|error| error.to_string()));
    let tmpfs = from
        .host_config
        .tmpfs
        .iter()
        .map(|(target, options)| tmpfs(target, options).map_err(|why| format!("invalid tmpfs {target:?}: {why}")));
    let mounts = from.host_config.mounts.iter().cloned().map(Ok).chain(binds).chain(tmpfs);
    let mut mounts = mounts.collect::<Result<Vec<_>, _>>()?;
    for path in &from.config.volumes {
        // Like a single engine, which mounts an anonymous volume only where nothing else is mounted.
        if !mounts.iter().any(|mount| mount.target == *path) {
            mounts.push(Mount::volume("", path));
        }
    }
    Ok(mounts.into_iter().map(|mount| literal_mount(of_project(desired, mount))).collect())
}

/// Returns a text that a swarm, which expands some fields as Go templates, expands to this one.
fn literal(text: &str) -> String {
    text.replace("{{", r#"{{"{{"}}"#)
}

/// Escapes the fields of a mount that a swarm expands.
fn literal_mount(mut mount: Mount) -> Mount {
    let escape = |text: &mut String| *text = literal(text);
    escape(&mut mount.source);
    escape(&mut mount.target);
    if let Some(options) = &mut mount.volume_options {
        let driver = options.driver_config.iter_mut().flat_map(|driver| driver.options.iter_mut());
        options.labels.iter_mut().chain(driver).for_each(|(_, value)| escape(value));
    }
    mount
}

/// Adds the labels and the driver of a volume of the project, unless the mount has its own.
fn of_project(desired: &Desired, mut mount: Mount) -> Mount {
    let known = desired.volumes.iter().find(|volume| volume.name == mount.source);
    let (MountType::Volume, Some(volume)) = (&mount.kind, known) else { return mount };
    let options = mount.volume_options.get_or_insert_default();
    for (key, value) in &volume.labels {
        options.labels.entry(key).or_insert(value.clone());
    }
    if options.driver_config.is_none() && !(volume.driver.is_empty() && volume.driver_opts.is_empty()) {
        options.driver_config = Some(VolumeDriver { name: volume.driver.clone(), options: volume.driver_opts.clone() });
    }
    mount
}

/// Returns the text of a mount without the SELinux options, which services lack.
pub(super) fn without_selinux(bind: &str) -> String {
    let is_kept = |option: &&str| !matches!(*option, "z" | "Z");
    match bind.rsplit_once(':') {
        Some((mount, options)) if !options.split(',').all(|option| is_kept(&option)) => {
            let options = options.split(',').filter(is_kept).collect::<Vec<_>>().join(",");
            if options.is_empty() { mount.to_owned() } else { format!("{mount}:{options}") }
        }
        _ => bind.to_owned(),
    }
}

/// Returns a tmpfs as a mount. Options that have no field of their own are passed on.
fn tmpfs(target: &str, options: &str) -> Result<Mount, String> {
    let mut mount = Mount::tmpfs(target);
    for option in options.split(',').filter(|option| !option.is_empty()) {
        let parts: Vec<_> = option.splitn(2, '=').collect();
        mount = match parts.as_slice() {
            ["size", size] if !size.ends_with('%') => mount.size(*size),
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
    match mount.invalid.first() {
        Some(why) => Err(why.clone()),
        None => Ok(mount),
    }
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
