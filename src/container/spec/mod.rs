//! [`ContainerSpec`] and the types of its fields.

mod check;
mod config;
mod device_text;
mod devices;
mod env;
mod gates;
mod healthcheck;
mod host;
mod host_config;
mod limits;
mod lines_file;
mod log_config;
mod mount;
mod mount_fields;
mod mount_options;
mod mount_short;
mod mount_text;
mod mounts;
mod network;
mod port;
mod port_range;
mod ports;
mod process;
mod published;
mod restart_policy;
mod security;
mod size;
mod text;
mod update;
mod update_spec;

pub use config::ContainerConfig;
pub use device_text::{Device, Gpus};
pub use devices::{DeviceMapping, DeviceRequest, ThrottleDevice, Ulimit, WeightDevice};
pub use env::Env;
#[cfg(feature = "deploy")]
pub(crate) use env::check_name;
pub(crate) use env::from_process;
pub use healthcheck::Healthcheck;
pub use host_config::{CgroupnsMode, HostConfig, Isolation};
pub use log_config::LogConfig;
pub use mount::{Mount, MountType};
pub use mount_options::{BindOptions, ImageOptions, Propagation, TmpfsOptions, VolumeDriver, VolumeOptions};
pub use mount_text::{MountOrBind, ParseMountError};
pub use network::NetworkingConfig;
pub use port::{ParsePortError, Port, PortBinding, PortMap, Protocol};
pub use port_range::PortRange;
pub use restart_policy::{RestartMode, RestartPolicy};
pub use size::{ByteSize, Cpus, GIB, KIB, MIB, ParseByteSizeError, ParseCpusError};
pub use text::ParseOptionError;
pub use update_spec::UpdateSpec;

use crate::wire::{is_default, null_to_default};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// The specification of a container to create.
///
/// There are setters for the common settings. The fields hold everything else.
///
/// ```
/// use longshore::container::{ContainerSpec, GIB, RestartPolicy};
///
/// let mut spec = ContainerSpec::new("nginx:1.27")
///     .publish(8080, 80)
///     .env("MODE", "prod")
///     .label("app", "web")
///     .bind_read_only("/srv/site", "/usr/share/nginx/html")
///     .memory(GIB)
///     .cpus(1.5)
///     .restart(RestartPolicy::unless_stopped()); // or "unless-stopped"
/// spec.host_config.cpu_realtime_runtime = 10_000;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct ContainerSpec {
    /// The configuration that does not depend on the host: command, environment, labels.
    #[serde(flatten)]
    pub config: ContainerConfig,
    /// The configuration that depends on the host: ports, mounts, limits, privileges.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub host_config: HostConfig,
    /// The networks that the container is attached to.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub networking_config: NetworkingConfig,
    /// Errors of setters whose argument cannot be parsed, such as a size of `512q`. Creating the container fails with
    /// the first one.
    #[serde(skip)]
    pub invalid: Vec<String>,
}

impl ContainerSpec {
    /// Creates a specification with only an image, by name or ID.
    pub fn new(image: impl Into<String>) -> Self {
        Self { config: ContainerConfig { image: image.into(), ..ContainerConfig::default() }, ..Self::default() }
    }

    /// Applies a parsed value, or records why parsing failed.
    fn set<T, E: Display>(mut self, value: Result<T, E>, set: impl FnOnce(&mut Self, T)) -> Self {
        match value {
            Ok(value) => set(&mut self, value),
            Err(why) => self.invalid.push(why.to_string()),
        }
        self
    }
}

impl From<&str> for ContainerSpec {
    /// Creates a specification with only an image.
    fn from(image: &str) -> Self {
        Self::new(image)
    }
}

impl From<String> for ContainerSpec {
    /// Creates a specification with only an image.
    fn from(image: String) -> Self {
        Self::new(image)
    }
}

impl From<&ContainerSpec> for ContainerSpec {
    fn from(spec: &ContainerSpec) -> Self {
        spec.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{ContainerSpec, GIB, Healthcheck, Mount, Port, RestartPolicy};
    use crate::network::EndpointSettings;
    use serde_json::json;
    use std::net::Ipv4Addr;
    use std::time::Duration;

    #[test]
    fn an_image_is_enough() {
        assert_eq!(serde_json::to_string(&ContainerSpec::new("nginx")).expect("json"), r#"{"Image":"nginx"}"#);
    }

    /// A list that is searched for each port would take minutes.
    #[test]
    fn a_short_text_may_name_every_port() {
        let spec = ContainerSpec::new("nginx:1.27").expose(80).ports("1-65535:1-65535").publish(8080, 80);
        assert_eq!((spec.config.exposed_ports.len(), spec.host_config.port_bindings.len()), (65_535, 65_535));
        assert!(spec.config.exposed_ports.is_sorted());
        let http = &spec.host_config.port_bindings["80/tcp"];
        assert_eq!(http.iter().map(|binding| binding.host_port.as_str()).collect::<Vec<_>>(), ["80", "8080"]);
    }

    #[test]
    fn setters_become_the_body_of_create() {
        let spec = ContainerSpec::new("nginx:1.27")
            .cmd(["nginx", "-g", "daemon off;"])
            .env("MODE", "test")
            .env("MODE", "prod")
            .label("app", "web")
            .publish(8080, 80)
            .publish_on(Ipv4Addr::LOCALHOST, 0, Port::udp(53))
            .bind_read_only("/srv", "/html")
            .mount(Mount::volume("data", "/data"))
            .memory(GIB)
            .cpus(1.5)
            .restart(RestartPolicy::on_failure(3))
            .network("back")
            .network_alias("back", "web")
            .network_with("front", EndpointSettings::new().gateway_priority(1))
            .health(Healthcheck::exec(["true"]).interval(Duration::from_secs(5)))
            .stop_signal("quit")
            .stop_timeout(Duration::from_millis(1500))
            .init(true)
            .gpus(-1);
        let expected = json!({
            "Image": "nginx:1.27",
            "Cmd": ["nginx", "-g", "daemon off;"],
            "Env": ["MODE=prod"],
            "Labels": {"app": "web"},
            "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
            "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5_000_000_000_u64},
            "StopSignal": "SIGQUIT",
            "StopTimeout": 2,
            "HostConfig": {
                "PortBindings": {"80/tcp": [{"HostPort": "8080"}], "53/udp": [{"HostIp": "127.0.0.1"}]},
                "Mounts": [
                    {"Type": "bind", "Source": "/srv", "Target": "/html", "ReadOnly": true},
                    {"Type": "volume", "Source": "data", "Target": "/data"},
                ],
                "Memory": 1_073_741_824,
                "NanoCpus": 1_500_000_000,
                "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
                "NetworkMode": "back",
                "Init": true,
                "DeviceRequests": [{"Count": -1, "Capabilities": [["gpu"]]}],
            },
            "NetworkingConfig": {"EndpointsConfig": {"back": {"Aliases": ["web"]}, "front": {"GwPriority": 1}}},
        });
        let body = serde_json::to_value(&spec).expect("json");
        assert_eq!(body, expected);
        assert_eq!(serde_json::from_value::<ContainerSpec>(body).expect("again"), spec);
    }
}
