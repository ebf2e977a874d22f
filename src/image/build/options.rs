//! What can be set on a build.

use super::{Build, Output};
use crate::container::{Isolation, Ulimit};
use crate::image::{ImageReference, Platform};
use crate::request::Request;
use crate::{Credentials, Map};
use std::fmt::Display;

impl Build {
    fn with(mut self, set: impl FnOnce(Request) -> Request) -> Self {
        self.request = set(self.request);
        self
    }

    /// Where the Dockerfile is in the context; `Dockerfile` if not set.
    ///
    /// For a folder it may be an absolute path too, and is `dockerfile` if not set and only that is there.
    pub fn dockerfile(mut self, path: impl Into<String>) -> Self {
        self.dockerfile = Some(path.into());
        self
    }

    /// Names the image; `latest` without a tag. It has no name if not set. May be said several times.
    pub fn tag(self, name: impl TryInto<ImageReference, Error: Display>) -> Self {
        self.with(|request| match name.try_into() {
            Ok(name) if name.digest().is_some() => {
                request.refuse(format!("{:?} has a digest, and a name to tag with cannot have one", name.to_string()))
            }
            Ok(name) => request.query_also("t", name),
            Err(error) => request.refuse(error.to_string()),
        })
    }

    /// Adds a host to `/etc/hosts` while it is built: a name and an address, or `host-gateway`. May be said several times.
    pub fn extra_host(self, name: impl Display, address: impl Display) -> Self {
        let (name, address) = (name.to_string(), address.to_string());
        self.with(|request| {
            if name.is_empty() || address.is_empty() || name.contains(':') {
                return request
                    .refuse(format!("an extra host is a name and an address, and not {name:?} and {address:?}"));
            }
            request.query_also("extrahosts", format!("{name}:{address}"))
        })
    }

    /// Leaves out the output, so that nothing is answered before the build has ended; by default not.
    pub fn quiet(self, quiet: bool) -> Self {
        self.with(|request| request.query("q", quiet))
    }

    /// Runs each instruction anew, whatever was built before; by default not.
    pub fn no_cache(self, no_cache: bool) -> Self {
        self.with(|request| request.query("nocache", no_cache))
    }

    /// Looks for what was built before in this image as well, which has to be there. May be said several times.
    pub fn cache_from(mut self, image: impl Into<String>) -> Self {
        self.lists.cache_from.push(image.into());
        self
    }

    /// Pulls the images that it is built upon, also if they are there; by default only if they are not.
    pub fn pull(self, pull: bool) -> Self {
        self.with(|request| request.query("pull", pull))
    }

    /// Whether the containers that instructions ran in are removed after a successful build; by default they are.
    pub fn rm(self, rm: bool) -> Self {
        self.with(|request| request.query("rm", rm))
    }

    /// Removes them after a failed build as well; by default they stay then.
    pub fn force_rm(self, force: bool) -> Self {
        self.with(|request| request.query("forcerm", force))
    }

    /// How much memory an instruction may use, in bytes; any amount if not set.
    pub fn memory(self, bytes: i64) -> Self {
        self.with(|request| request.query("memory", bytes))
    }

    /// How much memory and swap it may use together, in bytes; -1: any amount of swap. Twice the memory if not set.
    pub fn memory_swap(self, bytes: i64) -> Self {
        self.with(|request| request.query("memswap", bytes))
    }

    /// Its share of the CPUs, beside that of others: 1024 if not set.
    pub fn cpu_shares(self, shares: i64) -> Self {
        self.with(|request| request.query("cpushares", shares))
    }

    /// On which CPUs it may run: `0-3`, `0,1`; on all if not set.
    pub fn cpuset_cpus(self, cpus: impl Into<String>) -> Self {
        self.with(|request| request.query("cpusetcpus", cpus.into()))
    }

    /// In the memory of which NUMA nodes it may run: `0-3`, `0,1`; of all if not set.
    pub fn cpuset_mems(self, nodes: impl Into<String>) -> Self {
        self.with(|request| request.query("cpusetmems", nodes.into()))
    }

    /// The length of a CPU period, in microseconds; 100 000 if not set.
    pub fn cpu_period(self, microseconds: i64) -> Self {
        self.with(|request| request.query("cpuperiod", microseconds))
    }

    /// How long it may run in each CPU period, in microseconds; all of it if not set.
    pub fn cpu_quota(self, microseconds: i64) -> Self {
        self.with(|request| request.query("cpuquota", microseconds))
    }

    /// The control group that it runs beneath; the engine's choice if not set.
    pub fn cgroup_parent(self, parent: impl Into<String>) -> Self {
        self.with(|request| request.query("cgroupparent", parent.into()))
    }

    /// How many bytes `/dev/shm` holds; 64 MiB if not set.
    pub fn shm_size(self, bytes: i64) -> Self {
        self.with(|request| {
            if bytes <= 0 {
                return request.refuse(format!("the size of /dev/shm must be more than 0, and was {bytes}"));
            }
            request.query("shmsize", bytes)
        })
    }

    /// A limit of each process. May be said several times.
    pub fn ulimit(mut self, ulimit: Ulimit) -> Self {
        self.lists.ulimits.push(ulimit);
        self
    }

    /// How it is isolated on Windows; as the engine chooses if not set.
    pub fn isolation(self, isolation: impl Into<Isolation>) -> Self {
        self.with(|request| request.query("isolation", isolation.into()))
    }

    /// A security option: `credentialspec=…`. Engines on Linux refuse any. May be said several times.
    pub fn security_opt(self, option: impl Into<String>) -> Self {
        self.with(|request| request.query_also("securityopt", option.into()))
    }

    /// The value of an `ARG`. It is no place for secrets: the image's history has it.
    pub fn build_arg(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.lists.build_args.insert(name, Some(value.into()));
        self
    }

    /// Says that an `ARG` has no value, and keeps its default; the engine warns if the Dockerfile has none of that name.
    pub fn build_arg_unset(mut self, name: impl Into<String>) -> Self {
        self.lists.build_args.insert(name, None);
        self
    }

    /// Puts a label on the image. May be said several times.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.lists.labels.insert(key, value.into());
        self
    }

    /// The network of each `RUN`: `bridge`, `host`, `none`, `container:name`, or a network's name. The default one if not
    /// set.
    pub fn network_mode(self, mode: impl Into<String>) -> Self {
        self.with(|request| request.query("networkmode", mode.into()))
    }

    /// What it is built for, as `os[/arch[/variant]]`: `linux/arm64`. The engine's own if not set.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        self.with(|request| match platform.try_into() {
            Ok(platform) => request.query("platform", platform),
            Err(why) => request.refuse(why.to_string()),
        })
    }

    /// The stage to build; the last one if not set.
    pub fn target(self, stage: impl Into<String>) -> Self {
        self.with(|request| request.query("target", stage.into()))
    }

    /// Makes one layer of all that were built; by default not. Only engines with experimental features do, others answer 400.
    pub fn squash(self, squash: bool) -> Self {
        self.with(|request| request.query("squash", squash))
    }

    /// How `BuildKit` exports the image: `moby` and the exporter's attributes. The classic builder takes no notice of it.
    pub fn output(mut self, kind: impl Into<String>, attributes: impl Into<Map<String>>) -> Self {
        self.lists.outputs.push(Output { kind: kind.into(), attrs: attributes.into() });
        self
    }

    /// Who pulls from this registry, such as `registry.example.com:5000` or `docker.io`. May be said for several. From all others
    /// it is whom the docker CLI would take: see [`Credentials`]. All of those go along, as nobody knows which are needed; those
    /// that a helper fails to tell are left out.
    pub fn credentials(mut self, registry: impl Into<String>, credentials: impl Into<Credentials>) -> Self {
        let registry = registry.into();
        let registry = match registry.as_str() {
            // Engines know it by the address that it had long ago.
            "docker.io" | "index.docker.io" | "registry-1.docker.io" => "https://index.docker.io/v1/".to_owned(),
            _ => registry,
        };
        self.lists.credentials.insert(registry, credentials);
        self
    }
}
