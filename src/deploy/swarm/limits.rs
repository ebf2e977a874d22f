//! What a swarm does not support, and what it handles differently than a single engine.

use super::container::no_new_privileges;
use crate::container::ContainerSpec;
use crate::deploy::PullPolicy;
use crate::deploy::plan::DesiredService;
use crate::deploy::project::written_by_one;

/// Refuses what a swarm does not support.
pub(super) fn refuse(service: &DesiredService) -> Result<(), String> {
    if service.build.is_some() {
        return Err("a swarm does not support a build: nodes pull images, so build and push them first".to_owned());
    }
    if let Some(what) = unsupported(&service.spec) {
        return Err(format!("a swarm does not support {what}"));
    }
    match service.before.as_ref().and_then(unsupported) {
        Some(what) => Err(format!("before: a swarm does not support {what}")),
        None => Ok(()),
    }
}

/// Returns a setting that a swarm does not support, and that the container would be wrong or less isolated without.
fn unsupported(spec: &ContainerSpec) -> Option<&'static str> {
    let host = &spec.host_config;
    let has_devices =
        !host.devices.is_empty() || !host.device_requests.is_empty() || !host.device_cgroup_rules.is_empty();
    let is_secured = host.security_opt.iter().any(|option| no_new_privileges(option).is_none())
        || host.masked_paths.is_some()
        || host.readonly_paths.is_some();
    let unsupported = [
        (host.privileged, "privileged containers"),
        (has_devices, "devices"),
        (!host.volumes_from.is_empty(), "volumes of other containers"),
        (!host.links.is_empty(), "links"),
        (host.network_mode.starts_with("container:"), "the network of another container"),
        (host.network_mode == "none", "containers without a network"),
        (!host.pid_mode.is_empty(), "the PID namespace of the host or of another container"),
        (!matches!(host.ipc_mode.as_str(), "" | "private"), "an IPC mode other than private"),
        (!host.uts_mode.is_empty(), "the host's UTS namespace"),
        (!host.userns_mode.is_empty(), "a user namespace mode"),
        (!host.runtime.is_empty(), "a runtime other than the nodes' default"),
        (is_secured, "security options other than no-new-privileges"),
    ];
    unsupported.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, what)| what)
}

/// Notes what a swarm handles differently.
pub(super) fn note(service: &DesiredService, notes: &mut Vec<String>) {
    let name = &service.name;
    let ready = &service.service.ready;
    if !ready.is_known_to_a_swarm() {
        notes.push(format!("{name}: a swarm ignores its ready condition, but waits for its health check, if any"));
    }
    for variable in service.service.secrets.keys() {
        notes.push(format!(
            "{name}: the secret {variable} is the file /run/secrets/{variable}, which {variable}_FILE names"
        ));
    }
    let bindings = service.spec.host_config.port_bindings.values().flatten();
    if bindings.into_iter().any(|binding| !binding.host_ip.is_empty()) {
        notes.push(format!("{name}: its ports are published on all addresses of all nodes"));
    }
    if let Some(what) = written_by_one(&service.service).filter(|_| service.service.replicas > 1) {
        notes.push(format!("{name}: several tasks write to {what}, if they are on one node"));
    }
    if service.service.pull != PullPolicy::Missing {
        notes.push(format!("{name}: a swarm ignores its pull policy: nodes pull the image with the registry's digest"));
    }
    let ignored = ignored(&service.spec);
    if !ignored.is_empty() {
        notes.push(format!("{name}: a swarm ignores its {}", ignored.join(", ")));
    }
    if service.service.keep != 1 {
        notes.push(format!("{name}: a swarm keeps exactly one earlier version"));
    }
}

/// Returns the names of settings that a swarm has none for.
fn ignored(spec: &ContainerSpec) -> Vec<&'static str> {
    let host = &spec.host_config;
    let mut endpoints = spec.networking_config.endpoints_config.values();
    let settings = [
        (host.shm_size != 0, "shm_size"),
        (host.cpu_shares != 0, "cpu_shares"),
        (host.cpu_quota != 0, "cpu_quota"),
        (!host.cpuset_cpus.is_empty(), "cpuset_cpus"),
        (!host.cpuset_mems.is_empty(), "cpuset_mems"),
        (host.blkio_weight != 0, "blkio_weight"),
        (host.memory_swap != 0, "memory_swap"),
        (host.memory_swappiness.is_some(), "memory_swappiness"),
        (host.oom_kill_disable.is_some(), "oom_kill_disable"),
        (!host.storage_opt.is_empty(), "storage_opt"),
        (!host.cgroup_parent.is_empty(), "cgroup_parent"),
        (host.publish_all_ports, "publish_all_ports"),
        (endpoints.any(|one| one.ipam_config.is_some() || one.mac_address.is_some()), "fixed addresses"),
    ];
    settings.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name).collect()
}
