//! Digests, which identify configurations.

use crate::wire::hex;
use serde_json::Value;
use std::collections::BTreeMap;

/// Version of the hashed format. Digests of different versions cannot be compared.
pub(super) const VERSION: &str = "v1";

/// Returns the digest of a configuration, with the version.
pub(in crate::deploy) fn of(configuration: &Value) -> String {
    format!("{VERSION}:{}", sha256(sorted(configuration).as_bytes()))
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&hmac_sha256::Hash::hash(bytes))
}

/// Returns the digest of a possible secret. The place is the key, so equal values in two places have different digests.
pub(in crate::deploy) fn keyed(place: &str, value: &[u8]) -> String {
    let digest = hex(&hmac_sha256::HMAC::mac(value, place.as_bytes()));
    format!("hmac:{}", digest.get(..32).unwrap_or_default())
}

/// Returns JSON with sorted keys, independent of the map type of `serde_json`.
pub(in crate::deploy) fn sorted(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.iter().collect();
            let fields: Vec<_> = fields
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), sorted(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(elements) => format!("[{}]", elements.iter().map(sorted).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{keyed, of};
    use serde_json::json;

    // Labels of running containers hold such digests, so the result must never change.
    #[test]
    fn is_the_same_for_ever() {
        let configuration = json!({"b": [1, {"d": null, "c": "x\"y"}], "a": true});
        assert_eq!(of(&configuration), "v1:ed2c50dd68a689da40b3eb1c1073e693c4d0ff4abef4c48d1a56b8aaff412791");
        assert_ne!(keyed("shop/prod/web/A", b"x"), keyed("shop/prod/web/B", b"x"));
    }
}
