//! [`TaskContainerSpec`]: the configuration of a service's containers.

use super::{ConfigReference, Privileges, SecretReference};
use crate::container::{Env, Healthcheck, Isolation, Mount, Ulimit};
use crate::wire::{Map, is_default, nanoseconds_or_zero, null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The configuration of a service's containers.
///
/// It differs from [`ContainerSpec`](crate::container::ContainerSpec): the API has other fields and other names here,
/// such as [`command`](Self::command) for the entrypoint and [`args`](Self::args) for the command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskContainerSpec {
    /// The image.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// The labels of the containers. The service has labels of its own.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String>,
    /// The program, in place of the image's entrypoint.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub command: Vec<String>,
    /// The arguments, in place of the image's command.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub args: Vec<String>,
    /// The host name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostname: String,
    /// The environment variables.
    #[serde(skip_serializing_if = "Env::is_empty", deserialize_with = "null_to_default")]
    pub env: Env,
    /// The working directory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dir: String,
    /// The user that runs the program.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// Additional groups of the user.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub groups: Vec<String>,
    /// The security options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privileges: Option<Privileges>,
    /// Whether to allocate a terminal.
    #[serde(rename = "TTY", skip_serializing_if = "is_default")]
    pub tty: bool,
    /// Whether to keep stdin open.
    #[serde(skip_serializing_if = "is_default")]
    pub open_stdin: bool,
    /// Whether the root filesystem is read-only.
    #[serde(skip_serializing_if = "is_default")]
    pub read_only: bool,
    /// The mounts.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub mounts: Vec<Mount>,
    /// The signal to stop the container. Defaults to that of the image, or SIGTERM.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    /// The time to stop before the engine kills the container. Defaults to 10 seconds.
    #[serde(skip_serializing_if = "Option::is_none", with = "nanoseconds_or_zero")]
    pub stop_grace_period: Option<Duration>,
    /// The health check. Defaults to that of the image. The API's reference spells it `HealthCheck`, engines do not.
    #[serde(rename = "Healthcheck", alias = "HealthCheck", skip_serializing_if = "Option::is_none")]
    pub health_check: Option<Healthcheck>,
    /// Additional lines of `/etc/hosts`, such as `10.0.0.1 db db.internal`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub hosts: Vec<String>,
    /// The DNS settings.
    #[serde(rename = "DNSConfig", skip_serializing_if = "Option::is_none")]
    pub dns_config: Option<DnsConfig>,
    /// The secrets.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub secrets: Vec<SecretReference>,
    /// The OOM score adjustment, from -1000 to 1000. The kernel kills containers with higher values first. Requires API
    /// 1.46 or later.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "null_to_default")]
    pub oom_score_adj: i64,
    /// The configs.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub configs: Vec<ConfigReference>,
    /// The isolation technology. Windows only.
    #[serde(skip_serializing_if = "is_default")]
    pub isolation: Isolation,
    /// Whether an init process forwards signals and reaps processes. Defaults to the engine's setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// Kernel parameters, such as `net.core.somaxconn`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub sysctls: Map<String>,
    /// Capabilities to add to the default ones.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub capability_add: Vec<String>,
    /// Default capabilities to drop.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub capability_drop: Vec<String>,
    /// The resource limits (ulimits).
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub ulimits: Vec<Ulimit>,
}

/// The DNS settings of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DnsConfig {
    /// The addresses of the name servers.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub nameservers: Vec<String>,
    /// The search domains.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub search: Vec<String>,
    /// The resolver options, such as `ndots:3`.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub options: Vec<String>,
}
