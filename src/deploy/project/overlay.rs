//! [`Overlay`]: the changes of an environment.

use super::Service;
use crate::Credentials;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// The changes that an environment makes to a project: a JSON merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).
///
/// Objects are merged and `null` removes a field. Any other value replaces the old one. Lists are replaced as a whole. A patch that
/// is `null`, such as an environment without fields in YAML, changes nothing.
///
/// Unlike in a plain merge patch, another kind of [`ready`](Service::ready) condition or [`SecretSource`](super::SecretSource)
/// replaces the old one. TOML has no `null`, so it can change and add fields, but not remove them.
///
/// ```
/// use longshore::deploy::{Overlay, Project, Service};
///
/// let mut shop = Project::new("shop").service("web", Service::new("shop:1.4"));
/// let overlay: Overlay = serde_json::from_str(r#"{"services": {"web": {"replicas": 3}}}"#)?;
/// shop.environments.insert("prod", overlay);
/// assert_eq!(shop.in_environment("prod")?.services["web"].replicas, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Overlay {
    patch: Value,
    /// The credentials that the environment changes, by service. No JSON has them.
    #[serde(skip)]
    credentials: crate::Map<Option<Credentials>>,
}

impl Overlay {
    /// Returns the patch that turns `before` into `after`.
    pub(super) fn between(before: &Value, after: &Value) -> Self {
        difference(before, after).unwrap_or_else(|| Value::Object(Map::new())).into()
    }

    /// Adds the credentials that differ between two versions of a project's services.
    pub(super) fn with_credentials(mut self, before: &crate::Map<Service>, after: &crate::Map<Service>) -> Self {
        for (name, service) in after {
            if before.get(name).and_then(|service| service.credentials.as_ref()) != service.credentials.as_ref() {
                self.credentials.insert(name, service.credentials.clone());
            }
        }
        self
    }

    /// Checks that the patch is an object, without environments of its own. Another value would replace the project.
    pub(super) fn check(&self, environment: &str) -> Result<(), String> {
        if self.patch.get("environments").is_some() {
            return Err(format!("environments.{environment}.environments cannot be set: environments are not nested"));
        }
        if self.patch.is_object() || self.patch.is_null() {
            return Ok(());
        }
        Err(format!("wrong type of value at environments.{environment}: expected an object"))
    }

    /// Merges the patch into the project's JSON.
    pub(super) fn merge_into(&self, project: &mut Value) {
        self.merge(project, false);
    }

    /// Returns the project's JSON with `null` at the fields that the patch removes, so that their names can be checked too.
    pub(super) fn merged_with_nulls(&self, project: &Value) -> Value {
        let mut merged = project.clone();
        self.merge(&mut merged, true);
        merged
    }

    fn merge(&self, project: &mut Value, keep_nulls: bool) {
        if !self.patch.is_null() {
            replace_variants(project, &self.patch);
            merge(project, &self.patch, keep_nulls);
        }
    }

    /// Sets the credentials that differ in this environment.
    pub(super) fn set_credentials(&self, services: &mut crate::Map<Service>) {
        for (name, credentials) in &self.credentials {
            if let Some(service) = services.get_mut(name) {
                service.credentials.clone_from(credentials);
            }
        }
    }
}

impl From<Value> for Overlay {
    fn from(patch: Value) -> Self {
        Self { patch, credentials: crate::Map::new() }
    }
}

impl fmt::Debug for Overlay {
    /// Hides the values, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.patch.as_object().map(|fields| fields.keys().collect::<Vec<_>>());
        f.debug_tuple("Overlay").field(&keys.unwrap_or_default()).finish()
    }
}

/// Removes the conditions and sources of secrets in place of which the patch sets others: there can be only one of each.
fn replace_variants(project: &mut Value, patch: &Value) {
    let services = patch.get("services").and_then(Value::as_object).into_iter().flatten();
    for (name, service) in services {
        let Some(base) = project.pointer_mut("/services").and_then(|services| services.get_mut(name)) else { continue };
        replace_variant(base.get_mut("ready"), service.get("ready"));
        let secrets = service.get("secrets").and_then(Value::as_object).into_iter().flatten();
        for (name, secret) in secrets {
            replace_variant(base.get_mut("secrets").and_then(|secrets| secrets.get_mut(name)), Some(secret));
        }
    }
}

fn replace_variant(base: Option<&mut Value>, patch: Option<&Value>) {
    let (Some(Value::Object(base)), Some(Value::Object(patch))) = (base, patch) else { return };
    if patch.values().any(|variant| !variant.is_null()) {
        base.retain(|variant, _| patch.contains_key(variant));
    }
}

fn merge(target: &mut Value, patch: &Value, keep_nulls: bool) {
    let Value::Object(changes) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (key, change) in changes {
        match change {
            Value::Null if !keep_nulls => drop(fields.remove(key)),
            change => merge(fields.entry(key.as_str()).or_insert(Value::Null), change, keep_nulls),
        }
    }
}

fn difference(before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before != after).then(|| after.clone());
    };
    let gone = old.keys().filter(|key| !new.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let changed = new.iter().filter_map(|(key, value)| {
        let change = old.get(key).map_or_else(|| Some(value.clone()), |old| difference(old, value))?;
        Some((key.clone(), change))
    });
    let patch: Map<_, _> = gone.chain(changed).collect();
    (!patch.is_empty()).then_some(Value::Object(patch))
}

#[cfg(test)]
mod tests {
    use super::{Overlay, merge};
    use serde_json::json;

    // The examples of RFC 7396, appendix A.
    #[test]
    fn merges_as_the_rfc_says() {
        for (mut target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            merge(&mut target, &patch, false);
            assert_eq!(target, result, "{patch}");
        }
    }

    #[test]
    fn a_difference_makes_the_one_of_the_other() {
        let before = json!({"a": {"b": 1, "c": [1]}, "d": 1});
        for after in [json!({"a": {"b": 2, "c": [1, 2]}}), json!({"d": {"e": 1}}), before.clone(), json!({})] {
            let (overlay, mut merged) = (Overlay::between(&before, &after), before.clone());
            overlay.merge_into(&mut merged);
            assert_eq!(merged, after);
        }
    }

    #[test]
    fn a_patch_without_fields_changes_nothing() {
        for overlay in [Overlay::default(), Overlay::from(json!(null)), Overlay::from(json!({}))] {
            let mut project = json!({"name": "shop"});
            assert_eq!(overlay.merged_with_nulls(&project), project);
            overlay.merge_into(&mut project);
            assert_eq!((project, overlay.check("test")), (json!({"name": "shop"}), Ok(())));
        }
    }

    #[test]
    fn shows_no_value() {
        assert_eq!(format!("{:?}", Overlay::from(json!({"services": {"a": "hunter2"}}))), r#"Overlay(["services"])"#);
    }
}
