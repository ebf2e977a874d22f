//! [`ExecInspect`]: the state of an exec.

use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// The state of an exec, from [`Exec::inspect`](super::Exec::inspect).
#[allow(clippy::struct_excessive_bools, reason = "the API has them")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExecInspect {
    /// The exec's ID.
    #[serde(rename = "ID")]
    pub id: String,
    /// The container's ID.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
    /// Whether the process is running.
    pub running: bool,
    /// The exit code; `None` before the process has ended. 126 and 127 mean that it could not be started.
    pub exit_code: Option<i64>,
    /// The process ID on the engine's host; 0 before the process is started.
    #[serde(deserialize_with = "null_to_default")]
    pub pid: i64,
    /// The command of the process.
    #[serde(deserialize_with = "null_to_default")]
    pub process_config: ProcessConfig,
    /// Whether stdin is attached.
    pub open_stdin: bool,
    /// Whether stdout is attached.
    pub open_stdout: bool,
    /// Whether stderr is attached.
    pub open_stderr: bool,
    /// Whether the engine may discard the exec.
    pub can_remove: bool,
    /// The keys that detach from the terminal, as bytes in base64; `None` for the engine's default.
    pub detach_keys: Option<String>,
}

/// The command of an exec.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProcessConfig {
    /// The program.
    pub entrypoint: String,
    /// The program's arguments.
    #[serde(deserialize_with = "null_to_empty")]
    pub arguments: Vec<String>,
    /// Whether the process has a terminal.
    pub tty: bool,
    /// The user that runs the process; empty for the container's user.
    pub user: String,
    /// Whether the process has all capabilities and devices; `None` if the engine does not report it.
    pub privileged: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::ExecInspect;
    use serde_json::{Value, json};

    #[test]
    fn keeps_every_field_of_api_1_55() {
        let document = json!({
            "CanRemove": false, "ContainerID": "b53ee82b53a4", "DetachKeys": "EBE=", "ExitCode": 2, "ID": "f33bbfb39f5b",
            "OpenStderr": true, "OpenStdin": true, "OpenStdout": true, "Running": true, "Pid": 42000,
            "ProcessConfig": {
                "arguments": ["-c", "exit 2"], "entrypoint": "sh", "privileged": false, "tty": true, "user": "1000"
            }
        });
        let inspect: ExecInspect = serde_json::from_value(document.clone()).expect("an exec");
        assert_eq!((inspect.exit_code, inspect.process_config.arguments.len()), (Some(2), 2));
        assert_eq!(serde_json::to_value(&inspect).expect("JSON"), document);
    }

    #[test]
    fn null_is_nothing() {
        let document = json!({"ExitCode": null, "DetachKeys": null, "Pid": null, "ProcessConfig": {"arguments": null}});
        for document in [document, Value::Object(serde_json::Map::new())] {
            assert_eq!(serde_json::from_value::<ExecInspect>(document).expect("an exec"), ExecInspect::default());
        }
    }
}
