//! [`with_changes`]: changes a document of which only a part is known here.

use serde_json::Value;

/// Applies the difference between `before` and `after`, which hold the known part, to the document. Everything else stays.
pub(crate) fn with_changes(document: Value, before: &Value, after: &Value) -> Value {
    match (document, before, after) {
        (document, before, after) if before == after => document,
        (Value::Object(mut document), Value::Object(before), Value::Object(after)) => {
            for name in before.keys().filter(|name| !after.contains_key(*name)) {
                document.remove(name);
            }
            for (name, after) in after {
                let known = before.get(name).unwrap_or(&Value::Null);
                if known != after {
                    let value = document.remove(name).unwrap_or_default();
                    document.insert(name.clone(), with_changes(value, known, after));
                }
            }
            Value::Object(document)
        }
        (Value::Array(document), Value::Array(before), Value::Array(after))
            if document.len() == before.len() && before.len() == after.len() =>
        {
            let elements = document.into_iter().zip(before.iter().zip(after));
            elements.map(|(document, (before, after))| with_changes(document, before, after)).collect()
        }
        (_, _, after) => after.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_changes;
    use serde_json::json;

    #[test]
    fn what_is_not_known_stays() {
        let document = json!({"Name": "web", "New": {"a": 1}, "Mode": {"Replicated": {"Replicas": 1, "New": true}},
            "Mounts": [{"Target": "/a", "New": 1}], "Gone": 1, "Null": null});
        let before =
            json!({"Name": "web", "Mode": {"Replicated": {"Replicas": 1}}, "Mounts": [{"Target": "/a"}], "Gone": 1});
        let after =
            json!({"Name": "web", "Mode": {"Replicated": {"Replicas": 5}}, "Mounts": [{"Target": "/b"}], "More": 2});
        assert_eq!(
            with_changes(document.clone(), &before, &after),
            json!({"Name": "web", "New": {"a": 1}, "Mode": {"Replicated": {"Replicas": 5, "New": true}},
                "Mounts": [{"Target": "/b", "New": 1}], "Null": null, "More": 2})
        );
        assert_eq!(with_changes(document.clone(), &before, &before), document);
    }
}
