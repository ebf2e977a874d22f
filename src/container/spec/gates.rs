//! Version gates of a [`ContainerSpec`]: older engines would silently ignore newer fields.

use super::{ContainerConfig, ContainerSpec, Healthcheck, Mount, MountType, UpdateSpec};
use crate::Version;
use crate::network::EndpointSettings;

/// The name of a set field, with the API version that added or removed it.
type Gate = (Version, &'static str);

impl ContainerSpec {
    /// Returns the set fields that came after [`Version::OLDEST`].
    pub(crate) fn gates(&self) -> Vec<Gate> {
        let endpoints = &self.networking_config.endpoints_config;
        let host = &self.host_config;
        let mut gates = set([
            // Engines report [0, 0] for a container without a size. It must not bar a spec made from an inspected
            // container.
            (host.console_size.is_some_and(|size| size != [0, 0]), Version::V1_42, "HostConfig.ConsoleSize"),
            (!host.annotations.is_empty(), Version::V1_43, "HostConfig.Annotations"),
            (endpoints.len() > 1, Version::V1_44, "more than one network"),
        ]);
        gates.extend(self.config.gates());
        gates.extend(host.mounts.iter().flat_map(Mount::gates));
        gates.extend(endpoints.values().flat_map(endpoint));
        gates
    }
}

impl ContainerSpec {
    /// Returns the set fields that a newer API version removed.
    pub(crate) fn gone(&self) -> Vec<Gate> {
        let host = &self.host_config;
        set([
            (host.kernel_memory != 0, Version::V1_42, "HostConfig.KernelMemory"),
            (host.kernel_memory_tcp != 0, Version::V1_52, "HostConfig.KernelMemoryTCP"),
            (
                !self.config.mac_address.is_empty(),
                Version::V1_52,
                "MacAddress (set EndpointSettings.MacAddress instead)",
            ),
        ])
    }
}

impl UpdateSpec {
    /// Returns the set fields that a newer API version removed.
    pub(crate) fn gone(&self) -> Vec<Gate> {
        set([
            (self.kernel_memory != 0, Version::V1_42, "KernelMemory"),
            (self.kernel_memory_tcp != 0, Version::V1_52, "KernelMemoryTCP"),
        ])
    }
}

impl ContainerConfig {
    /// Returns the set fields that came after [`Version::OLDEST`].
    pub(crate) fn gates(&self) -> Vec<Gate> {
        self.healthcheck.iter().flat_map(Healthcheck::gates).collect()
    }
}

impl Healthcheck {
    fn gates(&self) -> Vec<Gate> {
        set([(self.start_interval.is_some(), Version::V1_44, "Healthcheck.StartInterval")])
    }
}

impl Mount {
    fn gates(&self) -> Vec<Gate> {
        let bind = self.bind_options.clone().unwrap_or_default();
        let subpath = self.volume_options.as_ref().is_some_and(|volume| !volume.subpath.is_empty());
        let options = self.tmpfs_options.as_ref().is_some_and(|tmpfs| !tmpfs.options.is_empty());
        set([
            (bind.create_mountpoint, Version::V1_42, "Mount.BindOptions.CreateMountpoint"),
            (bind.read_only_non_recursive, Version::V1_44, "Mount.BindOptions.ReadOnlyNonRecursive"),
            (bind.read_only_force_recursive, Version::V1_44, "Mount.BindOptions.ReadOnlyForceRecursive"),
            (subpath, Version::V1_45, "Mount.VolumeOptions.Subpath"),
            (options, Version::V1_46, "Mount.TmpfsOptions.Options"),
            (self.kind == MountType::Cluster, Version::V1_42, "a mount of a cluster's volume"),
            (self.kind == MountType::Image, Version::V1_48, "a mount of an image"),
            (self.image_options.is_some(), Version::V1_48, "Mount.ImageOptions"),
        ])
    }
}

fn endpoint(endpoint: &EndpointSettings) -> Vec<Gate> {
    set([
        (endpoint.mac_address.is_some(), Version::V1_44, "EndpointSettings.MacAddress"),
        (endpoint.gw_priority != 0, Version::V1_48, "EndpointSettings.GwPriority"),
    ])
}

fn set<const N: usize>(fields: [(bool, Version, &'static str); N]) -> Vec<Gate> {
    fields.into_iter().filter(|(is_set, ..)| *is_set).map(|(_, since, what)| (since, what)).collect()
}

#[cfg(test)]
mod tests {
    use super::{ContainerSpec, Healthcheck, Mount, Version};
    use crate::network::EndpointSettings;
    use std::time::Duration;

    #[test]
    fn finds_what_is_set_and_new() {
        let spec =
            ContainerSpec::new("nginx").publish(80, 80).bind("/s", "/d").network("a").health(Healthcheck::none());
        assert_eq!(spec.gates(), []);
        let spec = spec
            .health(Healthcheck::shell("true").start_interval(Duration::from_secs(1)))
            .mount(Mount::bind("/s", "/d").create_source(true))
            .mount(Mount::volume("v", "/v").subpath("x"))
            .mount(Mount::image("i", "/i").subpath("x"))
            .network_with("b", EndpointSettings::new().mac_address("02:42:ac:11:00:04").gateway_priority(1));
        let expected = [
            (Version::V1_44, "more than one network"),
            (Version::V1_44, "Healthcheck.StartInterval"),
            (Version::V1_42, "Mount.BindOptions.CreateMountpoint"),
            (Version::V1_45, "Mount.VolumeOptions.Subpath"),
            (Version::V1_48, "a mount of an image"),
            (Version::V1_48, "Mount.ImageOptions"),
            (Version::V1_44, "EndpointSettings.MacAddress"),
            (Version::V1_48, "EndpointSettings.GwPriority"),
        ];
        assert_eq!(spec.gates(), expected);
    }
}
