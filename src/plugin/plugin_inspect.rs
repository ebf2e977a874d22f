//! The response of `GET /plugins/{name}/json`.

use crate::container::Env;
use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// A plugin of an engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginInspect {
    /// The plugin's ID.
    pub id: String,
    /// The plugin's name, with its tag.
    pub name: String,
    /// Whether the plugin is enabled.
    pub enabled: bool,
    /// The current settings.
    #[serde(deserialize_with = "null_to_default")]
    pub settings: PluginSettings,
    /// The plugin's reference in its registry.
    pub plugin_reference: String,
    /// The plugin's configuration.
    #[serde(deserialize_with = "null_to_default")]
    pub config: PluginConfig,
}

/// The current settings of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginSettings {
    /// The mounts.
    #[serde(deserialize_with = "null_to_empty")]
    pub mounts: Vec<PluginMount>,
    /// The environment variables.
    #[serde(deserialize_with = "null_to_default")]
    pub env: Env,
    /// The arguments.
    #[serde(deserialize_with = "null_to_empty")]
    pub args: Vec<String>,
    /// The devices.
    #[serde(deserialize_with = "null_to_empty")]
    pub devices: Vec<PluginDevice>,
}

/// The configuration of a plugin, from its `config.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginConfig {
    /// The version of the engine that created the plugin. Until API 1.53.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docker_version: String,
    /// The description.
    pub description: String,
    /// The location of the documentation.
    pub documentation: String,
    /// The interface between the engine and the plugin.
    #[serde(deserialize_with = "null_to_default")]
    pub interface: PluginInterface,
    /// The entrypoint.
    #[serde(deserialize_with = "null_to_empty")]
    pub entrypoint: Vec<String>,
    /// The working directory.
    pub work_dir: String,
    /// The user that runs the program.
    #[serde(deserialize_with = "null_to_default")]
    pub user: PluginUser,
    /// The network.
    #[serde(deserialize_with = "null_to_default")]
    pub network: PluginNetwork,
    /// The Linux capabilities and devices.
    #[serde(deserialize_with = "null_to_default")]
    pub linux: PluginLinux,
    /// The path in the plugin whose mounts are visible to the host.
    pub propagated_mount: String,
    /// Whether the plugin uses the host's IPC namespace.
    pub ipc_host: bool,
    /// Whether the plugin uses the host's PID namespace.
    pub pid_host: bool,
    /// The mounts that can be configured.
    #[serde(deserialize_with = "null_to_empty")]
    pub mounts: Vec<PluginMount>,
    /// The environment variables.
    #[serde(deserialize_with = "null_to_empty")]
    pub env: Vec<PluginEnv>,
    /// The arguments.
    #[serde(deserialize_with = "null_to_default")]
    pub args: PluginArgs,
    /// The root filesystem.
    #[serde(rename = "rootfs", skip_serializing_if = "Option::is_none")]
    pub root_fs: Option<PluginRootFs>,
}

/// The interface between an engine and a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginInterface {
    /// The plugin types, such as `docker.volumedriver/1.0`.
    #[serde(deserialize_with = "null_to_empty")]
    pub types: Vec<String>,
    /// The name of the socket.
    pub socket: String,
    /// The protocol on the socket. Empty means plain HTTP.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub protocol_scheme: String,
}

/// The user that runs a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginUser {
    /// The numeric user ID.
    #[serde(rename = "UID", skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The numeric group ID.
    #[serde(rename = "GID", skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
}

/// The network of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginNetwork {
    /// The network type: `host`, `bridge` or `none`.
    #[serde(rename = "Type")]
    pub kind: String,
}

/// The Linux capabilities and devices of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginLinux {
    /// The capabilities.
    #[serde(deserialize_with = "null_to_empty")]
    pub capabilities: Vec<String>,
    /// Whether the plugin has access to all devices.
    pub allow_all_devices: bool,
    /// The devices.
    #[serde(deserialize_with = "null_to_empty")]
    pub devices: Vec<PluginDevice>,
}

/// A mount of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginMount {
    /// The name, used to configure the mount.
    pub name: String,
    /// The description.
    pub description: String,
    /// The properties that can be configured.
    #[serde(deserialize_with = "null_to_empty")]
    pub settable: Vec<String>,
    /// The source.
    pub source: Option<String>,
    /// The destination.
    pub destination: String,
    /// The mount type, such as `bind`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The mount options, such as `rbind`.
    #[serde(deserialize_with = "null_to_empty")]
    pub options: Vec<String>,
}

/// A device of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginDevice {
    /// The name, used to configure the device.
    pub name: String,
    /// The description.
    pub description: String,
    /// The properties that can be configured.
    #[serde(deserialize_with = "null_to_empty")]
    pub settable: Vec<String>,
    /// The path.
    pub path: Option<String>,
}

/// An environment variable of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginEnv {
    /// The name of the variable.
    pub name: String,
    /// The description.
    pub description: String,
    /// The properties that can be configured.
    #[serde(deserialize_with = "null_to_empty")]
    pub settable: Vec<String>,
    /// The default value.
    pub value: Option<String>,
}

/// The arguments of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginArgs {
    /// The name, used to configure the arguments.
    pub name: String,
    /// The description.
    pub description: String,
    /// The properties that can be configured.
    #[serde(deserialize_with = "null_to_empty")]
    pub settable: Vec<String>,
    /// The default arguments.
    #[serde(deserialize_with = "null_to_empty")]
    pub value: Vec<String>,
}

/// The root filesystem of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PluginRootFs {
    /// The type, such as `layers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The digests of the layers.
    #[serde(deserialize_with = "null_to_empty")]
    pub diff_ids: Vec<String>,
}
