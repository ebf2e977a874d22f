//! The `filters` parameter: `{"label":{"app=web":true}}`.

use crate::Map;

/// Filters by key. All keys must match, with any of their values. For labels, all values must match.
#[derive(Clone, Default)]
pub(super) struct Filters(Map<Map<bool>>);

impl Filters {
    pub(super) fn add(&mut self, key: &'static str, value: String) {
        self.0.entry(key).or_default().insert(value, true);
    }

    pub(super) fn clear(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Returns the filters as JSON. `None` if there are none.
    pub(super) fn to_json(&self) -> Option<String> {
        if self.0.is_empty() { None } else { serde_json::to_string(&self.0).ok() }
    }
}
