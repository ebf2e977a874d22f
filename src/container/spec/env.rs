//! [`Env`]: environment variables, with their values hidden from `Debug`.

use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Environment variables in the API's form: `NAME=value` sets a variable, `NAME` removes one that the image sets.
///
/// Values may be secrets, so `Debug` shows only names.
///
/// ```
/// use longshore::container::Env;
///
/// let mut env = Env::from_iter(["MODE=prod"]);
/// env.set("TOKEN", "t0ps3cret");
/// assert_eq!(env.get("TOKEN"), Some("t0ps3cret"));
/// assert_eq!(format!("{env:?}"), r#"["MODE", "TOKEN"]"#);
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Env(#[serde(deserialize_with = "null_to_empty")] Vec<String>);

impl Env {
    /// Sets a variable. Replaces an existing value.
    pub fn set(&mut self, name: impl Into<String>, value: impl AsRef<str>) {
        let mut variable = name.into();
        self.remove(&variable);
        variable.push('=');
        variable.push_str(value.as_ref());
        self.0.push(variable);
    }

    /// Removes a variable from the container, even if the image sets it.
    pub fn unset(&mut self, name: impl Into<String>) {
        let name = name.into();
        self.remove(&name);
        self.0.push(name);
    }

    /// Returns a variable's value; `None` if it is not set here.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(other, _)| *other == name).last()?.1
    }

    /// Iterates over names and values. The value is `None` for a removed variable.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|variable| match variable.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (variable.as_str(), None),
        })
    }

    /// Returns the number of variables.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no variables.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the variables in the API's form: `NAME=value`, or `NAME` for a removed one.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|variable| variable.split_once('=').map_or(variable.as_str(), |(name, _)| name) != name);
    }
}

impl<S: Into<String>> FromIterator<S> for Env {
    /// Takes items of the form `NAME=value` or `NAME`.
    fn from_iter<I: IntoIterator<Item = S>>(variables: I) -> Self {
        Self(variables.into_iter().map(Into::into).collect())
    }
}

impl From<Vec<String>> for Env {
    /// Takes items of the form `NAME=value` or `NAME`.
    fn from(variables: Vec<String>) -> Self {
        Self(variables)
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Env;

    #[test]
    fn sets_replaces_and_takes_out() {
        let mut env = Env::from_iter(["PATH=/bin", "A=b=c", "EMPTY="]);
        env.set("PATH", "/usr/bin");
        env.unset("A");
        assert_eq!(env.as_slice(), ["EMPTY=", "PATH=/usr/bin", "A"]);
        assert_eq!((env.get("EMPTY"), env.get("A"), env.get("B")), (Some(""), None, None));
    }

    #[test]
    fn null_is_no_variable() {
        assert_eq!(serde_json::from_str::<Env>("null").expect("null"), Env::default());
    }
}
