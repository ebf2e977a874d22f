//! What a swarm does not support, and what it handles differently than a single engine.

use super::container::{no_new_privileges, without_selinux};
use crate::container::{CgroupnsMode, ContainerSpec};
use crate::deploy::plan::DesiredService;
use crate::deploy::project::{json as json_of, written_by_one};
use crate::deploy::{Order, PullPolicy};
use crate::volume::VolumeSpec;
use serde_json::Value;

/// Refuses what a swarm does not support.
pub(super) fn refuse(service: &DesiredService) -> Result<(), String> {
    if service.build.is_some() {
        return Err("a swarm does not support a build: nodes pull images, so build and push them first".to_owned());
    }
    if service.service.order == Order::StartFirst && service.spec.host_config.network_mode == "host" {
        return Err(
            "start first is not possible: two tasks on a node cannot use the host's network at a time".to_owned()
        );
    }
    if let Some(what) = unsupported(&service.spec) {
        return Err(format!("a swarm does not support {what}"));
    }
    match service.before.as_ref().and_then(unsupported) {
        Some(what) => Err(format!("before: a swarm does not support {what}")),
        None => Ok(()),
    }
}

/// Refuses a name that a swarm does not allow for a service.
pub(super) fn refuse_name(name: &str) -> Result<(), String> {
    if name.len() > 63 || name.ends_with(['-', '_']) {
        let form = "at most 63 characters, and a letter or digit at the end";
        return Err(format!("invalid service name {name:?}: a swarm allows {form}"));
    }
    Ok(())
}

/// Refuses a volume that only its own call creates.
pub(super) fn refuse_volume(volume: &VolumeSpec) -> Result<(), String> {
    if volume.cluster_volume_spec.is_some() {
        let instead = "create it with `docker.volumes().create()` and mount it by name, with `MountType::Cluster`";
        return Err(format!("the volume {}: a deployment does not create cluster volumes: {instead}", volume.name));
    }
    Ok(())
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
        (host.network_mode == "none" || spec.config.network_disabled, "containers without a network"),
        (!host.pid_mode.is_empty(), "the PID namespace of the host or of another container"),
        (!matches!(host.ipc_mode.as_str(), "" | "private"), "an IPC mode other than private"),
        (!host.uts_mode.is_empty(), "the host's UTS namespace"),
        (!host.userns_mode.is_empty(), "a user namespace mode"),
        (host.cgroupns_mode != CgroupnsMode::default(), "a cgroup namespace mode"),
        (!host.runtime.is_empty(), "a runtime other than the nodes' default"),
        (is_secured, "security options other than no-new-privileges"),
    ];
    unsupported.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, what)| what)
}

/// Notes what a swarm handles differently.
#[inline] // generates code only in crates that deploy
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
    if service.spec.host_config.memory_reservation > 0 {
        notes.push(format!("{name}: a swarm places its tasks only on nodes that have its MemoryReservation left"));
    }
    for (part, spec) in [("", Some(&service.spec)), ("before: ", service.before.as_ref())] {
        let ignored = spec.map(ignored).unwrap_or_default();
        if !ignored.is_empty() {
            notes.push(format!("{name}: {part}a swarm ignores its {}", ignored.join(", ")));
        }
    }
    if service.service.keep != 1 {
        notes.push(format!("{name}: a swarm keeps exactly one earlier version"));
    }
}

/// The settings of a container that its task has too, those that `unsupported` refuses, and those that make no difference to a
/// task.
#[rustfmt::skip] // one name per line is too long
pub(super) const KNOWN: &[&str] = &[
    "Hostname", "User", "AttachStdin", "AttachStdout", "AttachStderr", "ExposedPorts", "Tty", "OpenStdin", "StdinOnce", "Env", "Cmd",
    "Healthcheck", "Image", "Volumes", "WorkingDir", "Entrypoint", "NetworkDisabled", "Labels", "StopSignal", "StopTimeout",
    "Binds", "LogConfig", "NetworkMode", "PortBindings", "RestartPolicy", "VolumesFrom", "Mounts", "CapAdd", "CapDrop", "CgroupnsMode",
    "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd", "IpcMode", "Links", "OomScoreAdj", "PidMode", "Privileged",
    "ReadonlyRootfs", "SecurityOpt", "Tmpfs", "UTSMode", "UsernsMode", "Sysctls", "Runtime", "Isolation", "MaskedPaths",
    "ReadonlyPaths", "Memory", "Devices", "DeviceCgroupRules", "DeviceRequests", "MemoryReservation", "NanoCpus", "Init", "PidsLimit",
    "Ulimits",
];

/// Returns the names of settings that a swarm has none for.
#[inline] // generates code only in crates that deploy
fn ignored(spec: &ContainerSpec) -> Vec<String> {
    let set = [json_of(&spec.config), json_of(&spec.host_config)];
    let names = set.iter().filter_map(Value::as_object).flat_map(|set| set.keys());
    let mut ignored: Vec<_> = names.filter(|name| !KNOWN.contains(&name.as_str())).cloned().collect();
    let mut endpoints = spec.networking_config.endpoints_config.values();
    if endpoints.any(|one| one.ipam_config.is_some() || one.mac_address.is_some()) {
        ignored.push("fixed addresses".to_owned());
    }
    if spec.host_config.binds.iter().any(|bind| without_selinux(bind) != *bind) {
        ignored.push("SELinux options z and Z".to_owned());
    }
    ignored
}
