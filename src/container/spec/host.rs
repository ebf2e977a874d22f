//! How a [`ContainerSpec`] is tied to its host: ports, mounts, limits, privileges.

use super::{
    ContainerSpec, DeviceMapping, DeviceRequest, LogConfig, Mount, Port, PortBinding, RestartPolicy, Ulimit, size,
};
use std::net::IpAddr;

impl ContainerSpec {
    /// Publishes a port of the container as one of the host, at all of its addresses; the engine chooses one if it is 0.
    ///
    /// A bare number is TCP: `publish(8080, 80)`, `publish(53, Port::udp(53))`.
    pub fn publish(self, host_port: u16, port: impl Into<Port>) -> Self {
        self.bind_port(PortBinding::new(host_port), port.into())
    }

    /// The same as [`publish`](Self::publish), at one of the host's addresses.
    pub fn publish_on(self, host_ip: impl Into<IpAddr>, host_port: u16, port: impl Into<Port>) -> Self {
        let host_ip = host_ip.into().to_string();
        self.bind_port(PortBinding { host_ip, ..PortBinding::new(host_port) }, port.into())
    }

    fn bind_port(mut self, binding: PortBinding, port: Port) -> Self {
        self.host_config.port_bindings.entry(port.to_string()).or_default().push(binding);
        self.expose(port)
    }

    /// Notes that the container listens on a port, without publishing it.
    pub fn expose(mut self, port: impl Into<Port>) -> Self {
        let port = port.into().to_string();
        if !self.config.exposed_ports.contains(&port) {
            self.config.exposed_ports.push(port);
            self.config.exposed_ports.sort();
        }
        self
    }

    /// Mounts a file or directory of the engine's host, which must be there.
    pub fn bind(self, source: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::bind(source, target))
    }

    /// Mounts a file or directory of the engine's host, which must be there, so that it can only be read.
    pub fn bind_read_only(self, source: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::bind(source, target).read_only(true))
    }

    /// Mounts a volume, which is made if there is none of that name.
    pub fn volume(self, name: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::volume(name, target))
    }

    /// Mounts a filesystem in memory that holds so many bytes: `16 * MIB`; without a limit if 0.
    pub fn tmpfs(self, target: impl Into<String>, size: i64) -> Self {
        let mount = Mount::tmpfs(target);
        self.mount(if size == 0 { mount } else { mount.size(size) })
    }

    /// Mounts whatever can be mounted.
    pub fn mount(mut self, mount: Mount) -> Self {
        self.host_config.mounts.push(mount);
        self
    }

    /// The limit of memory, in bytes: `512 * MIB`; none if not set.
    pub fn memory(mut self, bytes: i64) -> Self {
        self.host_config.memory = bytes;
        self
    }

    /// The limit of memory and swap together, in bytes; -1: swap without a limit. Twice that of memory if not set.
    pub fn memory_swap(mut self, bytes: i64) -> Self {
        self.host_config.memory_swap = bytes;
        self
    }

    /// The limit of CPU: how many it may use, such as `1.5`; all of them if not set.
    pub fn cpus(mut self, cpus: f64) -> Self {
        self.host_config.nano_cpus = size::nano_cpus(cpus);
        self
    }

    /// The limit of processes and threads; none if not set, or 0.
    pub fn pids_limit(mut self, limit: u32) -> Self {
        self.host_config.pids_limit = Some(limit.into());
        self
    }

    /// How many bytes `/dev/shm` holds; 64 MiB if not set.
    pub fn shm_size(mut self, bytes: i64) -> Self {
        self.host_config.shm_size = bytes;
        self
    }

    /// Whether it is started again when it ends; by default not.
    pub fn restart(mut self, policy: RestartPolicy) -> Self {
        self.host_config.restart_policy = policy;
        self
    }

    /// Whether it is removed when it ends, with its anonymous volumes; by default not.
    pub fn auto_remove(mut self, remove: bool) -> Self {
        self.host_config.auto_remove = remove;
        self
    }

    /// Whether it may do all that the host may; by default not.
    pub fn privileged(mut self, privileged: bool) -> Self {
        self.host_config.privileged = privileged;
        self
    }

    /// Whether its root filesystem is read-only; by default not.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.host_config.readonly_rootfs = read_only;
        self
    }

    /// Whether an init runs in it, that forwards signals and reaps processes; the engine's choice if not set.
    pub fn init(mut self, init: bool) -> Self {
        self.host_config.init = Some(init);
        self
    }

    /// Gives it a kernel capability, such as `NET_ADMIN`.
    pub fn cap_add(mut self, capability: impl Into<String>) -> Self {
        self.host_config.cap_add.push(capability.into());
        self
    }

    /// Takes a kernel capability from it, such as `CHOWN`, or `ALL`.
    pub fn cap_drop(mut self, capability: impl Into<String>) -> Self {
        self.host_config.cap_drop.push(capability.into());
        self
    }

    /// A security option, such as `no-new-privileges`.
    pub fn security_opt(mut self, option: impl Into<String>) -> Self {
        self.host_config.security_opt.push(option.into());
        self
    }

    /// A kernel parameter, such as `net.core.somaxconn`.
    pub fn sysctl(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.host_config.sysctls.insert(name, value.into());
        self
    }

    /// A line of `/etc/hosts`; the address `host-gateway` is the host's own.
    pub fn extra_host(mut self, name: impl AsRef<str>, address: impl AsRef<str>) -> Self {
        self.host_config.extra_hosts.push(format!("{}:{}", name.as_ref(), address.as_ref()));
        self
    }

    /// A DNS server; the engine's choice if none is set.
    pub fn dns(mut self, server: impl Into<IpAddr>) -> Self {
        self.host_config.dns.push(server.into().to_string());
        self
    }

    /// A limit of each process, such as `nofile`: the one that holds, and how far the process may raise it.
    pub fn ulimit(mut self, name: impl Into<String>, soft: i64, hard: i64) -> Self {
        self.host_config.ulimits.push(Ulimit { name: name.into(), soft, hard });
        self
    }

    /// A device of the host, with all permissions.
    pub fn device(mut self, path_on_host: impl Into<String>, path_in_container: impl Into<String>) -> Self {
        self.host_config.devices.push(DeviceMapping::new(path_on_host, path_in_container));
        self
    }

    /// That many GPUs; -1: all.
    pub fn gpus(mut self, count: i64) -> Self {
        self.host_config.device_requests.push(DeviceRequest::gpus(count));
        self
    }

    /// Where its output is logged: `LogConfig::new("local").option("max-size", "10m")`; the engine's choice if not set.
    pub fn log(mut self, log: LogConfig) -> Self {
        self.host_config.log_config = log;
        self
    }

    /// The log driver, with its own defaults: `json-file`, `local`, `journald`, `none`, ….
    pub fn log_driver(self, driver: impl Into<String>) -> Self {
        self.log(LogConfig::new(driver))
    }
}
