//! The setters of a [`ServiceSpec`] for the surroundings of its containers: mounts, secrets, names, privileges.

use super::ServiceSpec;
use crate::container::{Isolation, Mount, Ulimit};
use crate::network::{parse_extra_host, parse_ip};
use crate::task::{ConfigReference, CredentialSpec, DnsConfig, SecretReference};
use std::fmt::Display;
use std::net::IpAddr;

impl ServiceSpec {
    /// Adds a mount to the containers: a [`Mount`], or a text in the form of `docker service create --mount`, such as
    /// `type=volume,source=data,target=/data`. The short form `data:/data:ro` works too.
    pub fn mount(self, mount: impl TryInto<Mount, Error: Display>) -> Self {
        self.set(mount.try_into(), |spec, mount| spec.container().mounts.push(mount))
    }

    /// Mounts a volume in the containers. Each node has a volume of its own, unless the volume driver provides one for
    /// the cluster.
    pub fn volume(self, name: impl Into<String>, target: impl Into<String>) -> Self {
        self.mount(Mount::volume(name, target))
    }

    /// Gives the containers a secret: see [`SwarmSecret::reference`](crate::secret::SwarmSecret::reference).
    pub fn secret(mut self, secret: SecretReference) -> Self {
        self.container().secrets.push(secret);
        self
    }

    /// Gives the containers a config: see [`Config::reference`](crate::config::Config::reference).
    pub fn config(mut self, config: ConfigReference) -> Self {
        self.container().configs.push(config);
        self
    }

    /// Makes the root filesystem read-only. Defaults to `false`.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.container().read_only = read_only;
        self
    }

    /// Runs an init process in the containers, which forwards signals and reaps processes. Defaults to the engine's
    /// choice.
    pub fn init(mut self, init: bool) -> Self {
        self.container().init = Some(init);
        self
    }

    /// Adds a kernel capability, such as `NET_ADMIN`.
    pub fn cap_add(mut self, capability: impl Into<String>) -> Self {
        self.container().capability_add.push(capability.into());
        self
    }

    /// Drops a kernel capability, such as `CHOWN`, or `ALL`.
    pub fn cap_drop(mut self, capability: impl Into<String>) -> Self {
        self.container().capability_drop.push(capability.into());
        self
    }

    /// Sets a kernel parameter, such as `net.core.somaxconn`.
    pub fn sysctl(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.container().sysctls.insert(name, value.into());
        self
    }

    /// Adds a limit of each process, such as of `nofile`. The last one of a name wins. Defaults to the engine's choice.
    pub fn ulimit(self, ulimit: impl TryInto<Ulimit, Error: Display>) -> Self {
        self.set(ulimit.try_into(), |spec, ulimit| ulimit.add_to(&mut spec.container().ulimits))
    }

    /// Adds a line to `/etc/hosts`: a name, and an address or its text.
    pub fn extra_host(self, name: impl Display, address: impl Display) -> Self {
        self.set(parse_extra_host(name, address), |spec, (name, address)| {
            spec.container().hosts.push(format!("{address} {name}"));
        })
    }

    fn dns_config(&mut self) -> &mut DnsConfig {
        self.container().dns_config.get_or_insert_default()
    }

    /// Adds a DNS server: an address, or its text. Defaults to the engine's choice.
    pub fn dns(self, server: impl Display) -> Self {
        self.set(parse_ip::<IpAddr>(server), |spec, server| spec.dns_config().nameservers.push(server.to_string()))
    }

    /// Adds a DNS search domain. Defaults to the engine's choice.
    pub fn dns_search(mut self, domain: impl Into<String>) -> Self {
        self.dns_config().search.push(domain.into());
        self
    }

    /// Adds an option of `resolv.conf`, such as `ndots:3`. Defaults to the engine's choice.
    pub fn dns_option(mut self, option: impl Into<String>) -> Self {
        self.dns_config().options.push(option.into());
        self
    }

    /// Sets the OOM score adjustment, from -1000 to 1000. The kernel kills containers with higher values first.
    /// Defaults to 0. Requires API 1.46 or later.
    pub fn oom_score_adj(mut self, score: i64) -> Self {
        self.container().oom_score_adj = score;
        self
    }

    /// Sets the isolation technology on Windows. Defaults to the engine's choice.
    pub fn isolation(mut self, isolation: impl Into<Isolation>) -> Self {
        self.container().isolation = isolation.into();
        self
    }

    /// Sets the credential spec of a managed service account, such as `"file://spec.json"`. Windows only.
    ///
    /// `config://ID` refers to a config by ID. The service also needs a [`config`](Self::config) reference to it, with
    /// [`runtime`](ConfigReference::runtime) instead of a file.
    pub fn credential_spec(self, spec: impl TryInto<CredentialSpec, Error: Display>) -> Self {
        self.set(spec.try_into(), |service, spec| {
            service.container().privileges.get_or_insert_default().credential_spec = Some(spec);
        })
    }
}
