//! [`LogConfig`]: where a container's output is logged.

use crate::Map;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a container's output is logged.
///
/// Options may be secrets (`splunk-token`), so `Debug` shows their names alone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct LogConfig {
    /// The log driver: `json-file`, `local`, `journald`, `none`, …; the engine's choice if empty.
    #[serde(rename = "Type", skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// The driver's options, such as `max-size`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub config: Map<String>,
}

impl LogConfig {
    /// A log driver with its own defaults.
    pub fn new(driver: impl Into<String>) -> Self {
        Self { driver: driver.into(), config: Map::new() }
    }

    /// An option of the driver, such as `max-size` and `10m`.
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.insert(key, value.into());
        self
    }
}

impl fmt::Debug for LogConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.config.keys().collect();
        f.debug_struct("LogConfig").field("driver", &self.driver).field("config", &options).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::LogConfig;

    #[test]
    fn debug_shows_no_value() {
        let log = LogConfig::new("splunk").option("splunk-token", "t0ps3cret");
        assert_eq!(format!("{log:?}"), r#"LogConfig { driver: "splunk", config: ["splunk-token"] }"#);
        assert_eq!(
            serde_json::to_string(&log).expect("json"),
            r#"{"Type":"splunk","Config":{"splunk-token":"t0ps3cret"}}"#
        );
    }
}
