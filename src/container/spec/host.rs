//! The setters of a [`ContainerSpec`] for how the host runs it: restarts, devices, logs, the runtime.

use super::{ContainerSpec, Device, DeviceRequest, Gpus, LogConfig, RestartPolicy};
use std::fmt::Display;

impl ContainerSpec {
    /// Sets whether the engine restarts the container when it ends: a [`RestartPolicy`], or a text in the form of
    /// `docker run --restart`, such as `unless-stopped` or `on-failure:3`. Defaults to never.
    pub fn restart(self, policy: impl TryInto<RestartPolicy, Error: Display>) -> Self {
        self.set(policy.try_into(), |spec, policy| spec.host_config.restart_policy = policy)
    }

    /// Removes the container and its anonymous volumes when it ends. Defaults to `false`.
    pub fn auto_remove(mut self, remove: bool) -> Self {
        self.host_config.auto_remove = remove;
        self
    }

    /// Runs an init process in the container, which forwards signals and reaps processes. Defaults to the engine's
    /// choice.
    pub fn init(mut self, init: bool) -> Self {
        self.host_config.init = Some(init);
        self
    }

    /// Sets the runtime, such as `runc`. Defaults to the engine's choice.
    pub fn runtime(mut self, runtime: impl Into<String>) -> Self {
        self.host_config.runtime = runtime.into();
        self
    }

    /// Adds an annotation for the runtime. Requires API 1.43 or later.
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.host_config.annotations.insert(key, value.into());
        self
    }

    /// Sets an option of the storage driver, such as `size` to `120G`.
    pub fn storage_opt(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.host_config.storage_opt.insert(key, value.into());
        self
    }

    /// Adds a device: a [`DeviceMapping`](super::DeviceMapping), or a text in the form of `docker run --device`, such as
    /// `/dev/fuse`, `/dev/sda:/dev/xvda:r` or the CDI device `vendor.com/gpu=0`.
    pub fn device(self, device: impl TryInto<Device, Error: Display>) -> Self {
        self.set(device.try_into(), |spec, device| match device {
            Device::Host(mapping) => spec.host_config.devices.push(mapping),
            Device::Cdi(name) => {
                let requests = &mut spec.host_config.device_requests;
                match requests.iter_mut().find(|request| request.driver == "cdi") {
                    Some(request) => request.device_ids.push(name),
                    None => requests.push(DeviceRequest::cdi([name])),
                }
            }
        })
    }

    /// Adds a cgroup rule for devices, such as `c 13:* rwm`.
    pub fn device_cgroup_rule(mut self, rule: impl Into<String>) -> Self {
        self.host_config.device_cgroup_rules.push(rule.into());
        self
    }

    /// Requests GPUs: a number, a [`DeviceRequest`], or a text in the form of `docker run --gpus`, such as `all`, `2` or
    /// `device=0,2`.
    pub fn gpus(self, gpus: impl TryInto<Gpus, Error: Display>) -> Self {
        self.set(gpus.try_into(), |spec, gpus| spec.host_config.device_requests.push(gpus.0))
    }

    /// Sets where the output is logged: `LogConfig::new("local").option("max-size", "10m")`. Defaults to the engine's
    /// choice.
    pub fn log(mut self, log: LogConfig) -> Self {
        self.host_config.log_config = log;
        self
    }

    /// Sets the log driver, with its default options: `json-file`, `local`, `journald`, `none`, ….
    pub fn log_driver(self, driver: impl Into<String>) -> Self {
        self.log(LogConfig::new(driver))
    }
}
