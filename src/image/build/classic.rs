//! The options of a build that only the classic builder has, and the limits of its instructions.

use super::Build;
use crate::container::{ByteSize, Isolation, Ulimit};
use crate::request::Request;
use std::fmt::Display;

impl Build {
    /// Sets an option that BuildKit does not have, or would silently ignore.
    fn classic(mut self, option: &'static str, set: impl FnOnce(Request) -> Request) -> Self {
        self.classic_only.get_or_insert(option);
        self.with(set)
    }

    /// Removes intermediate containers after a successful build. Default: `true`. Requires the classic builder.
    pub fn rm(self, rm: bool) -> Self {
        self.classic("rm", |request| request.query("rm", rm))
    }

    /// Removes intermediate containers after a failed build as well. Default: `false`. Requires the classic builder.
    pub fn force_rm(self, force: bool) -> Self {
        self.classic("force_rm", |request| request.query("forcerm", force))
    }

    /// Sets the memory limit of each instruction, in bytes or as text: `512 * MIB` or `"512m"`. Default: no limit.
    /// Requires the classic builder.
    pub fn memory(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.classic("memory", |request| {
            request.parsed(size, |request, size: ByteSize| request.query("memory", size.bytes()))
        })
    }

    /// Sets the limit of memory and swap together, in bytes or as text. -1 means unlimited swap. Defaults to twice the
    /// memory limit. Requires the classic builder.
    pub fn memory_swap(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.classic("memory_swap", |request| {
            request.parsed(size, |request, size: ByteSize| request.query("memswap", size.bytes()))
        })
    }

    /// Sets the relative CPU weight. Defaults to 1024. Requires the classic builder.
    pub fn cpu_shares(self, shares: i64) -> Self {
        self.classic("cpu_shares", |request| request.query("cpushares", shares))
    }

    /// Sets the allowed CPUs, such as `0-3` or `0,1`. Default: all. Requires the classic builder.
    pub fn cpuset_cpus(self, cpus: impl Into<String>) -> Self {
        self.classic("cpuset_cpus", |request| request.query("cpusetcpus", cpus.into()))
    }

    /// Sets the allowed NUMA nodes for memory, such as `0-3` or `0,1`. Default: all. Requires the classic builder.
    pub fn cpuset_mems(self, nodes: impl Into<String>) -> Self {
        self.classic("cpuset_mems", |request| request.query("cpusetmems", nodes.into()))
    }

    /// Sets the CPU period, in microseconds. Defaults to 100 000. Requires the classic builder.
    pub fn cpu_period(self, microseconds: i64) -> Self {
        self.classic("cpu_period", |request| request.query("cpuperiod", microseconds))
    }

    /// Sets the CPU time in each period, in microseconds. Default: no limit. Requires the classic builder.
    pub fn cpu_quota(self, microseconds: i64) -> Self {
        self.classic("cpu_quota", |request| request.query("cpuquota", microseconds))
    }

    /// Sets the parent cgroup. The engine chooses the default. Requires the classic builder.
    pub fn cgroup_parent(self, parent: impl Into<String>) -> Self {
        self.classic("cgroup_parent", |request| request.query("cgroupparent", parent.into()))
    }

    /// Sets the size of `/dev/shm`, in bytes or as text. Defaults to 64 MiB. With BuildKit, requires API 1.42 or later.
    pub fn shm_size(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.with(|request| {
            request.parsed(size, |request, size: ByteSize| match size.bytes() {
                size @ ..=0 => request.refuse(format!("the size of /dev/shm must be more than 0, and was {size}")),
                size => request.query("shmsize", size),
            })
        })
    }

    /// Adds a limit of each process, such as of `nofile`. Can be called several times: the last limit of a name wins. With
    /// BuildKit, requires API 1.42 or later.
    pub fn ulimit(mut self, ulimit: impl TryInto<Ulimit, Error: Display>) -> Self {
        match ulimit.try_into() {
            Ok(ulimit) => ulimit.add_to(&mut self.lists.ulimits),
            Err(why) => return self.with(|request| request.refuse(why.to_string())),
        }
        self
    }

    /// Sets the isolation technology on Windows. The engine chooses the default. Requires the classic builder.
    pub fn isolation(self, isolation: impl Into<Isolation>) -> Self {
        self.classic("isolation", |request| request.query("isolation", isolation.into()))
    }

    /// Adds a security option: `credentialspec=…`. Engines on Linux refuse all of them. Can be called several times.
    /// Requires the classic builder.
    pub fn security_opt(self, option: impl Into<String>) -> Self {
        self.classic("security_opt", |request| request.query_also("securityopt", option.into()))
    }

    /// Suppresses the log, so that the engine does not respond before the build has ended. Default: `false`. Requires
    /// the classic builder.
    pub fn quiet(self, quiet: bool) -> Self {
        let set = |request: Request| request.query("q", quiet);
        if quiet { self.classic("quiet", set) } else { self.with(set) }
    }

    /// Squashes the new layers into one. Default: `false`. Requires the classic builder. Engines without experimental
    /// features respond with status 400.
    pub fn squash(self, squash: bool) -> Self {
        let set = |request: Request| request.query("squash", squash);
        if squash { self.classic("squash", set) } else { self.with(set) }
    }
}
