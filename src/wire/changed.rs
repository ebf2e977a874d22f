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
        (Value::Array(document), Value::Array(before), Value::Array(after)) if document.len() == before.len() => {
            elements(document, before, after)
        }
        (_, _, after) => after.clone(),
    }
}

/// Applies the difference between two lists. Elements that stay keep what is not known of them, wherever they are now. An
/// element that differs counts as changed if no element was added or removed, and as a new one otherwise.
fn elements(document: Vec<Value>, before: &[Value], after: &[Value]) -> Value {
    let is_as_long = before.len() == after.len();
    let mut left: Vec<_> = document.into_iter().zip(before).map(Some).collect();
    let mut take = |is_it: &dyn Fn(usize, &Value) -> bool| {
        let mut places = left.iter_mut().enumerate();
        let place = places.find(|(index, place)| place.as_ref().is_some_and(|(_, before)| is_it(*index, before)));
        place.and_then(|(_, place)| place.take())
    };
    let stay: Vec<_> = after.iter().map(|after| take(&|_, before| before == after)).collect();
    let elements = after.iter().zip(stay).enumerate().map(|(index, (after, stays))| {
        let known = stays.or_else(|| take(&|before, _| is_as_long && before == index));
        known.map_or_else(|| after.clone(), |(document, before)| with_changes(document, before, after))
    });
    elements.collect()
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

    #[test]
    fn elements_that_stay_keep_what_is_not_known() {
        let list = |targets: &[&str]| targets.iter().map(|target| json!({"Target": target})).collect();
        let document = json!([{"Target": "/a", "New": 1}, {"Target": "/b", "New": 2}]);
        let before = list(&["/a", "/b"]);
        for (after, new) in [
            (&["/a", "/b", "/c"][..], json!([1, 2, null])),
            (&["/c", "/a", "/b"], json!([null, 1, 2])),
            (&["/b"], json!([2])),
            (&["/b", "/c"], json!([2, null])), // not a change of /b
            (&["/b", "/a"], json!([2, 1])),
            (&["/a", "/c"], json!([1, 2])),
            (&["/a", "/a", "/b"], json!([1, null, 2])),
            (&[], json!([])),
        ] {
            let changed = with_changes(document.clone(), &before, &list(after));
            let changed = changed.as_array().expect("a list");
            let targets: Vec<_> = changed.iter().map(|element| &element["Target"]).collect();
            assert_eq!(targets, after);
            assert_eq!(
                changed.iter().map(|element| element["New"].clone()).collect::<Vec<_>>(),
                *new.as_array().expect("a list"),
                "{after:?}"
            );
        }
        // Null elements are not among the known ones.
        let document = json!([null, {"Target": "/a", "New": 1}]);
        assert_eq!(with_changes(document, &list(&["/a"]), &list(&["/a", "/b"])), list(&["/a", "/b"]));
    }
}
