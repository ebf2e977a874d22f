//! [`ExecInspect`]: what the engine knows of an exec.

use crate::wire::{null_to_default, null_to_empty};
use serde::{Deserialize, Serialize};

/// What the engine knows of an exec.
#[allow(clippy::struct_excessive_bools, reason = "the API has them")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExecInspect {
    /// Its id.
    #[serde(rename = "ID")]
    pub id: String,
    /// The id of its container.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
    /// Whether the process runs.
    pub running: bool,
    /// How it ended; `None` before it has. 126 and 127: it could not be started.
    pub exit_code: Option<i64>,
    /// The process's id as the engine's machine sees it; 0 before it is started.
    #[serde(deserialize_with = "null_to_default")]
    pub pid: i64,
    /// What runs.
    #[serde(deserialize_with = "null_to_default")]
    pub process_config: ProcessConfig,
    /// Whether its stdin is attached to.
    pub open_stdin: bool,
    /// Whether its stdout is attached to.
    pub open_stdout: bool,
    /// Whether its stderr is attached to.
    pub open_stderr: bool,
    /// Whether the engine may forget it.
    pub can_remove: bool,
    /// The bytes of the keys that detach from its terminal, in base64; `None` if it has the engine's own.
    pub detach_keys: Option<String>,
}

/// What an exec runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProcessConfig {
    /// The program.
    pub entrypoint: String,
    /// Its arguments.
    #[serde(deserialize_with = "null_to_empty")]
    pub arguments: Vec<String>,
    /// Whether it has a terminal.
    pub tty: bool,
    /// Who runs it; empty: the container's user.
    pub user: String,
    /// Whether it has all capabilities and devices; `None` if the engine does not say.
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
