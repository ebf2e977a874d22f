//! [`LogConfig`]: the log driver of a container.

use crate::Map;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The log driver of a container, with its options.
///
/// Options may be secrets (`splunk-token`), so `Debug` shows only their names.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[must_use = "it does nothing until it is passed to a call"]
pub struct LogConfig {
    /// The log driver: `json-file`, `local`, `journald`, `none`, …. Empty for the engine's choice.
    #[serde(rename = "Type", skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// The driver's options, such as `max-size`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub config: Map<String>,
}

impl LogConfig {
    /// Creates a configuration of a log driver with its default options.
    pub fn new(driver: impl Into<String>) -> Self {
        Self { driver: driver.into(), config: Map::new() }
    }

    /// Sets an option of the driver, such as `max-size` to `10m`.
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
